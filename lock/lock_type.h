// A lock as data: its entry points, the layout of its memory, and what it promises. Whoever tests or uses a
// lock through this description needs to know no lock by name.
#ifndef LOCK_LOCK_TYPE_H_
#define LOCK_LOCK_TYPE_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace locks {

// The entry points. `lock` points to `LockType::lock_bytes` bytes, all zero at the start.
// Acquires return 0 or a negative errno (-EDEADLK, -ETIMEDOUT, -EBUSY, -EOPNOTSUPP); locks that cannot fail return 0.
// A lock without a form of its own for an entry point (a plain lock has none for BPF programs) offers the nearest
// one.
struct EntryPoints {
  // raw_res_spin_lock and its unlock: preemption.
  int (*raw_acquire)(void* lock);
  void (*raw_release)(void* lock);
  // raw_res_spin_lock_irqsave: interrupts and preemption. `flags` is written on success and failure.
  int (*irqsave_acquire)(void* lock, unsigned long* flags);
  void (*irqsave_release)(void* lock, unsigned long flags);
  // bpf_res_spin_lock and bpf_res_spin_lock_irqsave.
  int (*bpf_acquire)(void* lock);
  void (*bpf_release)(void* lock);
  int (*bpf_irqsave_acquire)(void* lock, unsigned long* flags);
  void (*bpf_irqsave_release)(void* lock, unsigned long flags);
};

// What a field of a lock's memory means to an observer.
enum class FieldRole : std::uint8_t {
  kWord,        // the lock word; in the lock's own memory
  kTableCount,  // per CPU: `cnt` of the held-lock table
  kTableSlot,   // per CPU: addresses of locks
  kNodeNext,    // per CPU, one for each nesting level: queue node
  kNodeLocked,
  kNodeCount,   // of node 0: how many nodes are in use
  kNodeState,   // what a paravirtual waiter says of itself. Others may look at it at any time, as a hint
  kNoteLock,    // shared: the lock of a note in a table from locks to waiters; 0: the note is free
  kNoteNode,    // shared: the waiter of the note
};

// `count` elements of `bytes` bytes, the first at `offset`, each `stride` bytes after the one before.
struct Field {
  std::string_view name;
  FieldRole role;
  std::uint16_t offset;
  std::uint16_t bytes;
  std::uint16_t count;
  std::uint16_t stride;
};

// How to read a lock word. Masks are in place, 0 where the word has no such field; `tail_cpu` holds the CPU number
// plus one. A ticket lock has its two ticket fields and nothing else.
struct WordLayout {
  std::uint32_t locked_mask = 0;
  std::uint32_t pending_mask = 0;
  std::uint32_t tail_index_mask = 0;
  std::uint32_t tail_cpu_mask = 0;
  std::uint32_t served_mask = 0;  // the ticket that may own the lock
  std::uint32_t next_mask = 0;    // the ticket that the next caller gets

  // REQUIRES: mask != 0.
  static constexpr unsigned Shift(std::uint32_t mask) { return static_cast<unsigned>(__builtin_ctz(mask)); }
  constexpr bool HasTickets() const { return next_mask != 0; }
  constexpr bool HasQueue() const { return tail_cpu_mask != 0; }
  // REQUIRES: HasTickets().
  constexpr unsigned Served(std::uint32_t word) const { return (word & served_mask) >> Shift(served_mask); }
  constexpr unsigned Next(std::uint32_t word) const { return (word & next_mask) >> Shift(next_mask); }

  // Whether nobody owns the lock or waits for it.
  constexpr bool AtRest(std::uint32_t word) const {
    return HasTickets() ? Served(word) == Next(word) : word == 0;
  }
  constexpr bool Locked(std::uint32_t word) const {
    return HasTickets() ? !AtRest(word) : (word & locked_mask) != 0;
  }
  constexpr bool Pending(std::uint32_t word) const { return (word & pending_mask) != 0; }
  constexpr std::uint32_t Tail(std::uint32_t word) const { return word & (tail_cpu_mask | tail_index_mask); }
  // REQUIRES: Tail(word) != 0.
  constexpr unsigned TailCpu(std::uint32_t word) const {
    return ((word & tail_cpu_mask) >> Shift(tail_cpu_mask)) - 1;
  }
  constexpr unsigned TailIndex(std::uint32_t word) const {
    return (word & tail_index_mask) >> Shift(tail_index_mask);
  }
};

// What a lock promises (sections 10 and 11 of the description). Times in nanoseconds; 0: it has no such limit.
struct Contract {
  bool may_fail = false;               // acquires can return an error, and none waits for ever
  bool detects_aa = false;
  bool detects_abba = false;
  bool fifo = false;                   // queued waiters get the lock in order
  bool usable_in_nmi = false;          // also when what the NMI interrupted holds or attempts the lock
  bool recovers_after_timeout = false; // a timeout leaves the lock as good as new
  std::uint64_t pending_limit_ns = 0;
  std::uint64_t head_limit_ns = 0;
  std::uint64_t test_and_set_limit_ns = 0;
  std::uint64_t trylock_limit_ns = 0;  // waits without a queue node, in the revisions that have them
  std::uint64_t check_interval_ns = 0; // time between two looks for ABBA
  unsigned held_locks_max = 0;         // locks that deadlock detection can see on one CPU
  std::uint32_t spin_budget = 0;       // -ETIMEDOUT comes after so many turns of one wait loop; 0: waits have clocks
};

// One thing in which revisions of a lock differ, as a person reads it.
struct SwitchSetting {
  std::string_view name;    // "unlock"
  std::string_view value;   // what this revision does: "release store, then slot"
  std::string_view commit;  // of the upstream change that the switch stands for; empty: it is not known
};

// One lock in one revision and one build variant.
struct LockType {
  std::string_view name;      // "rqspinlock"
  std::string_view revision;  // "linux-7.2"; empty for locks without revisions
  std::string_view build;     // "generic", "x86", "native"; see lock/build.h
  const EntryPoints* entry_points;
  const Contract* contract;
  WordLayout word;
  std::span<const Field> lock_fields;     // offsets from the start of the lock
  std::span<const Field> per_cpu_fields;  // offsets from the start of a CPU's data
  std::span<const Field> shared_fields;   // offsets from the start of the area that all CPUs share
  std::uint16_t lock_bytes;
  std::uint32_t spins_per_check;          // the wait state acts on each spins_per_check-th consultation
  std::uint32_t bounded_spins_max;        // longest wait loop that ends by counting, in turns
  bool has_test_and_set_path;             // obeys resilient_virt_spin_lock_enabled()
  bool runs_programs_at_any_step;         // BPF programs can be attached inside its functions (6.15)
  std::span<const SwitchSetting> switches;  // of this revision; empty for locks without revisions
};

// Every lock, revision and build there is, newest revision first within a lock. The memory is static.
std::span<const LockType> AllLockTypes();
// The row with these names, or nullptr.
const LockType* FindLockType(std::string_view name, std::string_view revision, std::string_view build);

}  // namespace locks

#endif  // LOCK_LOCK_TYPE_H_
