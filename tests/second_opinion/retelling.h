// An execution retold from its printed trace, line by line.
#ifndef TESTS_SECOND_OPINION_RETELLING_H_
#define TESTS_SECOND_OPINION_RETELLING_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/play/player.h"

namespace rqfuzz::second_opinion {

inline constexpr int kNone = -1;
inline constexpr std::uint64_t kMs = 1'000'000;
// Between two lines lies one scheduling point at most: 10 ns, 640 on the slowest CPU. More is a jump of time.
inline constexpr std::uint64_t kJump_ns = 1'000;

enum class Wait { kNot, kPending, kBehind, kHead };

// From "acquire A" to "release A returns".
struct Call {
  unsigned cpu = 0;
  unsigned depth = 0;
  std::string lock;
  std::string entry_point;  // "", "irqsave", "bpf", "bpf-irqsave"
  bool in_nmi = false;
  std::string result;  // "0", "-EDEADLK", ...; empty: has not returned
  bool releasing = false;
  bool gone = false;
  Wait wait = Wait::kNot;       // how it waits, or waited last
  std::uint64_t wait_ns = 0;    // when that began
  std::uint64_t waited_ns = 0;  // jumps since then in which its CPU ran it
  std::uint64_t waited_in_all_ns = 0;
  std::uint64_t owned_ns = 0;  // jumps since then in which somebody owned the lock
  bool disturbed = false;      // while it waited, some CPU was stolen or offline, or ran an interrupt
  bool queued = false;
  bool left_queue = false;
  bool took_lock = false;
  int ahead = kNone;
  bool linked = false;  // has stored its node into that of the call ahead
  unsigned ahead_count = 0;
  int told_by = kNone;       // who stored the destroy marker into its node
  unsigned open_below = 0;   // calls of its CPU that were open when it began
  bool saw_itself = false;   // read a slot of its own table that names the lock, with an open call of it below
  bool saw_other = false;    // read one of another CPU, which had an open call of it
  bool stood_in_abba = false;  // with another call, while time passed
  bool lacked_node = false;  // read a count of nodes that forbids to queue
  std::uint64_t first_clock_ns = 0;  // in this wait; 0: never
  std::uint64_t last_clock_ns = 0;
  int preempt = 0;           // preempt_disable less preempt_enable, in the current call
  int irq = 0;               // likewise
  unsigned reports = 0;      // to the program's log
  bool report_late = false;  // after preempt_enable
};

struct Lock {
  bool locked = false;
  bool pending = false;
  std::string tail = "0";  // "cpu1.0"
  int holder = kNone;      // who set the locked byte
  int pending_by = kNone;
  std::vector<int> queue;  // calls that have exchanged the tail and not returned
};

struct Cpu {
  std::vector<std::string> contexts = {"task"};
  bool stolen = false;
  bool offline = false;
  std::vector<int> open;              // calls that are not gone, oldest first
  std::map<unsigned, int> current;    // by depth: the call in progress
  std::map<unsigned, int> node_user;  // by node: the call that published it last
  bool Disturbed() const { return stolen || offline || contexts.size() > 1; }
};

class Retelling {
 public:
  // For each line in order: first lets time pass up to it, then does what it says.
  void PassTime(const TraceLine& line);
  void Tell(const TraceLine& line);

  std::vector<Call> calls;
  std::map<std::string, Lock> locks;
  std::map<unsigned, Cpu> cpus;
  std::uint64_t now_ns = 0;
  std::uint64_t jump_ns = 0;  // that came before this line
  bool any_offline = false;
  bool clock_jumped = false;

  int Current(const TraceLine& line) { return CurrentOf(line.cpu, line.depth); }
  int CurrentOf(unsigned cpu, unsigned depth);
  int CurrentOf(unsigned cpu) { return CurrentOf(cpu, static_cast<unsigned>(cpus[cpu].contexts.size()) - 1); }
  // Whether this call's CPU has an open call of its lock besides it.
  bool HasLower(int id) const;
  // Whether the call behind this one in the queue has not linked itself yet, and its CPU is kept from doing so.
  bool IsOwedLink(int id) const;
  // Whether the call that goes on, on the CPU that has the lock of this one, waits for a lock that this one's CPU has.
  bool StandsInAbba(int id);
  // The owner between return and release.
  int Owner(const std::string& lock) const;

 private:
  void Begin(const TraceLine& line, const std::string& rest);
  void Access(const TraceLine& line, int id);
  void WriteWord(const TraceLine& line, const std::string& field, Lock& lock, int id);
  void Exchange(const std::string& old_tail, const std::string& new_tail, Lock& lock, int id);
  void Start(Call& call, Wait wait);
};

// "lock A tail" is {"A", "tail"}.
std::pair<std::string, std::string> SplitLock(const std::string& location);
// "cpu 1 node 0 next": CPU, index and field; false: the location is no such thing.
bool SplitPerCpu(const std::string& location, const std::string& what, unsigned& cpu, unsigned& index,
                 std::string& field);

}  // namespace rqfuzz::second_opinion

#endif  // TESTS_SECOND_OPINION_RETELLING_H_
