// What is true in the machine, as far as callers and waits go: who owns what, who waits for what and how, in what
// order. Rebuilt from events; the lock's own opinion (its held-lock table, its queue nodes) is not asked.
//
// Times. A wait is measured in *waited* time: virtual time that passed in jumps, when no CPU could run, less what
// passed while the waiter's CPU was stolen or its context interrupted. Steps, which take a few microseconds, do
// not count: nothing that the contract limits is that short.
//
// Invariants:
//  1. `entries[cpu]` lists the acquires of a CPU that are attempted, owned or being released, oldest first. Those
//     of interrupts lie on top of those of what they interrupted.
//  2. At most one acquire or release is in progress in each context; `current[cpu][depth]` names it.
//     Both are those of the task that runs; those of tasks that wait for their CPU are in `suspended`.
//  3. `queues[lock]` lists the acquires that have published a queue node or taken a ticket, and not returned, in
//     that order.
// Oracles see the state before the event that they are given.
#ifndef FUZZ_ORACLES_WORLD_H_
#define FUZZ_ORACLES_WORLD_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/machine/cpu.h"
#include "fuzz/machine/event.h"
#include "fuzz/machine/memory.h"
#include "fuzz/scenario/words.h"
#include "lock/lock_type.h"

namespace rqfuzz {

inline constexpr int kNobody = -1;

// How an acquire waits, as seen from what it did to the lock word and the queue.
enum class WaitRole : std::uint8_t {
  kNone,        // not yet anything, or a single try
  kPending,     // set the pending bit
  kQueued,      // behind somebody in the queue: no clock of its own
  kHead,        // of the queue
  kTestAndSet,  // on the test-and-set path
};

enum class Stage : std::uint8_t { kAttempting, kOwning, kReleasing, kGone };

// One call of an acquire, up to the end of the release that closes it. Ids are indices into World::acquires.
struct Acquire : Standing {  // as its CPU stood when it began
  std::uint8_t lock = 0;
  Stage stage = Stage::kAttempting;
  WaitRole role = WaitRole::kNone;
  bool was_queued = false;
  bool took_word = false;        // set the locked byte
  bool freed_word = false;       // and cleared it again
  bool linked = false;           // has stored its node into that of the acquire ahead
  bool left_queue = false;       // told so by the tracepoint at its end
  std::uint8_t queue_nodes = 0;  // in use on its CPU when it began
  std::int16_t result = 0;       // once it has returned
  int ahead = kNobody;           // the acquire before it in the queue when it joined
  int behind = kNobody;
  int marked_by = kNobody;       // who told it that the queue is being destroyed
  unsigned held_below = 0;       // entries of its CPU below it
  unsigned waiters_ahead = 0;    // when it joined the queue
  std::uint64_t begin_ns = 0;
  std::uint64_t end_ns = 0;
  std::uint64_t role_ns = 0;         // when it took on its role
  std::uint64_t joined_jumped_ns = 0;
  std::uint64_t role_jumped_ns = 0;  // Event::jumped_ns then
  std::uint64_t role_clock_ahead_ns = 0;  // World::clock_ahead_ns() then
  std::uint64_t begin_jumped_ns = 0;
  std::uint64_t lost_ns = 0;         // jumps in which it could not run
  std::uint64_t role_lost_ns = 0;
  std::uint64_t others_lost_ns = 0;  // jumps in which some other CPU could not run what it had been running
  std::uint64_t owned_ahead_ns = 0;  // jumps in which somebody owned the lock while it was queued
};

struct WorldOptions {
  const locks::LockType* lock_type = nullptr;
  unsigned cpu_count = 1;
  unsigned lock_count = 1;
  bool virtual_machine = false;
  // A waiter sees a limit up to one step of the clock early, since its start was rounded down, or late, since the
  // reading that exceeds it is.
  std::uint64_t clock_granularity_ns = 0;
};

class World {
 public:
  // `events`: the whole execution; they must stay.
  void Reset(std::span<const Event> events, const WorldOptions& options);
  // Lets virtual time pass up to the event: call before the oracles look. Returns how much of it passed in jumps.
  std::uint64_t PassTime(const Event& event) {
    now_ns_ = event.time_ns;
    const std::uint64_t jumped_ns = event.jumped_ns - jumped_ns_;
    if (jumped_ns != 0) [[unlikely]] PassJump(jumped_ns);
    return jumped_ns;
  }
  // Brings the state to after the event.
  void Apply(const Event& event);
  // The same for an event whose kind is known when this is compiled: world_changes.h.
  void ApplyAs(EventKind kind, const Event& event);

  const WorldOptions& options() const { return options_; }
  std::span<const Event> events() const { return events_; }
  const locks::Contract& contract() const { return *options_.lock_type->contract; }
  const Acquire& Get(int id) const { return acquires_[static_cast<std::size_t>(id)]; }
  int acquire_count() const { return static_cast<int>(acquires_.size()); }

  // The acquire or release in progress in the context of an event, or of the top context of a CPU; kNobody: none.
  int Current(unsigned cpu, unsigned depth) const { return current_[cpu][depth]; }
  int Top(unsigned cpu) const { return current_[cpu][depth_[cpu]]; }
  unsigned Depth(unsigned cpu) const { return depth_[cpu]; }
  const std::vector<int>& Entries(unsigned cpu) const { return entries_[cpu]; }
  const std::vector<int>& Queue(unsigned lock) const { return queues_[lock]; }
  // Who set the locked byte and has not cleared it; kNobody if the lock is free.
  int Holder(unsigned lock) const { return holders_[lock]; }
  int PendingWaiter(unsigned lock) const { return pending_[lock]; }
  // The acquire that owns the lock between return and release, or kNobody.
  int Owner(unsigned lock) const { return owners_[lock]; }
  // The release of the lock that is in progress; kNobody: none.
  int Releaser(unsigned lock) const;
  int NodeOwner(unsigned cpu, unsigned index) const { return node_owners_[cpu][index]; }
  // Whether the lock owes nothing but exclusion any more: it does not recover from timeouts, and has had one.
  bool Spoilt() const { return spoilt_; }
  bool Stolen(unsigned cpu) const { return stolen_[cpu]; }
  // Whether the CPU has stopped for good: its calls never return, what it holds stays held.
  bool Offline(unsigned cpu) const { return offline_[cpu]; }
  // What the clock has jumped ahead in all: so much shorter than they seem were the waits that saw it.
  std::uint64_t clock_ahead_ns() const { return clock_ahead_ns_; }
  std::uint64_t now_ns() const { return now_ns_; }

  // The waiter with a clock that runs on top of `cpu`; kNobody if there is none.
  int ClockedWaiter(unsigned cpu) const;
  // What the acquire has waited since it took on its role, and since it began.
  std::uint64_t WaitedInRoleNs(const Acquire& acquire) const {
    return jumped_ns_ - acquire.role_jumped_ns - (acquire.lost_ns - acquire.role_lost_ns);
  }
  std::uint64_t WaitedNs(const Acquire& acquire) const;
  // The limit of a wait in that role; 0: it has none.
  std::uint64_t LimitNs(const Acquire& acquire) const;

  // Whether others can be waiting for this attempt to go on: it is the pending waiter, or it stands in the queue.
  bool HoldsUpOthers(int id) const;
  // The head at which the markers began by which the acquire was told to leave.
  const Acquire& RootOfMarkers(const Acquire& acquire) const;
  // Whether this waiter is owed the link of the one behind it, whose CPU is stolen or whose context is interrupted
  // between joining the queue and linking itself.
  bool IsOwedLink(const Acquire& acquire) const;
  // The holder of `lock` among the lower entries of this acquire's CPU; kNobody if it is none of them.
  int HolderBelow(const Acquire& acquire) const;
  // The newest attempt at the same lock below this one on its CPU that holds up others; kNobody: none. It cannot go on
  // before this one returns.
  int AttemptInTheWay(const Acquire& acquire) const;
  // The newest acquire of the same lock below this one on its CPU that is in one of the stages; kNobody: none.
  int EntryBelow(const Acquire& acquire, bool attempts, bool releases) const;

 private:
  void PassJump(std::uint64_t passed_ns);
  void OnAcquireBegin(const Event& event);
  void OnAcquireEnd(const Event& event);
  void OnReleaseBegin(const Event& event);
  void OnReleaseEnd(const Event& event);
  void OnWordWrite(const Event& event);
  // Acquire `id` wrote the word of a ticket lock; or of another kind, and more than the locked byte.
  void OnTicketWrite(const Event& event, int id);
  void OnWaitersWrite(const Event& event, int id);
  void LeaveQueue(unsigned lock, int id);
  void OnNodeTouch(const Event& event);
  int& CurrentOf(const Event& event) { return current_[event.cpu][event.depth]; }
  void SetRole(Acquire& acquire, WaitRole role, const Event& event);
  Acquire& Mutable(int id) { return acquires_[static_cast<std::size_t>(id)]; }
  void RemoveEntry(unsigned cpu, int id);
  // The newest acquire of the event's lock that its context owns; kNobody: none.
  int EntryOwned(const Event& event) const;
  void SwitchTask(const Event& event);

  // What a task that another one has taken the place of had in progress and on its CPU's list.
  struct Suspended {
    std::uint32_t task = 0;
    int current = kNobody;
    std::vector<int> entries;
  };

  std::span<const Event> events_;
  WorldOptions options_;
  bool must_test_and_set_ = false;  // acquires wait so whatever happens
  std::uint64_t now_ns_ = 0;
  std::uint64_t jumped_ns_ = 0;
  bool spoilt_ = false;
  std::uint64_t clock_ahead_ns_ = 0;
  std::vector<Acquire> acquires_;
  std::array<std::vector<int>, kMachineCpusMax> entries_;
  std::array<std::array<int, kContextDepthMax>, kMachineCpusMax> current_;
  std::array<Suspended, kMachineTasksMax> suspended_;  // the first so many of them
  unsigned suspended_count_ = 0;
  std::array<unsigned, kMachineCpusMax> depth_;
  std::array<bool, kMachineCpusMax> stolen_;
  std::array<bool, kMachineCpusMax> offline_;
  std::array<std::array<int, kNodesMax>, kMachineCpusMax + 1> node_owners_;
  std::array<std::vector<int>, kMachineLocksMax> queues_;
  std::array<int, kMachineLocksMax> holders_;
  std::array<int, kMachineLocksMax> pending_;
  std::array<int, kMachineLocksMax> owners_;
};

// "task", "softirq", "hardirq", "nmi", "program".
std::string_view ContextName(ContextKind kind);
// "pending waiter", "queue head", ...
std::string_view RoleName(WaitRole role);
// The same for causes: "pending", "head", ...
std::string_view RoleSlug(WaitRole role);
// "CPU 0 (nmi)".
std::string Who(const Acquire& acquire);
// "250 ms", "1.02 us".
std::string Duration(std::uint64_t duration_ns);

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_WORLD_H_
