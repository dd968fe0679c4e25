// What a stress run can tell from outside to be a broken promise, and how often it did.
//
// Only what is certain without looking into the lock counts: from outside nobody sees who won a compare-and-swap.
#ifndef FUZZ_STRESS_SYMPTOMS_H_
#define FUZZ_STRESS_SYMPTOMS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace rqfuzz {

enum class Symptom : unsigned {
  kTwoOwners,
  kMissedWhileAcquiring,  // an NMI waited until its timeout for a lock that nobody but its own CPU ever takes
  kMissedWhileHolding,
  kMissedWhileReleasing,
  kRefusedAlone,      // a task failed to take a lock that nobody but its own CPU ever takes
  kDeadlockOfNobody,  // -EDEADLK for a task that holds nothing: it can be in no deadlock
  kHangOfAFreeLock,   // a waiter goes on though nobody owns the lock and nobody else is in a call
  kHangAsOwner,       // the same, and the word says locked
  kNotRecovered,      // word, table or node count not at rest when every call has returned
};
inline constexpr unsigned kSymptoms = 9;

struct SymptomRow {
  std::string_view oracle;  // of the simulation, that demands the same promise
  std::string_view cause;
  std::string_view bug;  // of the catalogue, which breaks it so; empty: none is known to
};

// Indexed by Symptom.
inline constexpr std::array<SymptomRow, kSymptoms> kSymptomRows = {{
    {"exclusion", "two-owners", ""},
    {"prompt-aa", "missed-while-acquiring", "aa-missed-after-cas"},
    {"prompt-aa", "missed-while-holding", "aa-late"},
    {"prompt-aa", "missed-while-releasing", "aa-missed-before-release"},
    {"error-cause", "failed-without-a-rival", ""},
    {"error-cause", "deadlock-told-to-a-task-that-holds-nothing", "bystanders-punished"},
    {"no-hang", "free-lock-and-a-waiter", "lone-head"},
    {"no-hang", "owner-in-its-acquire", "refused-nmi"},
    {"recovery", "something-left", ""},
}};

// Purpose: counts symptoms. Called from any thread and signal handler.
class Tally {
 public:
  explicit Tally(std::uint64_t start_ns) : start_ns_(start_ns) {}
  void Add(Symptom symptom, std::uint64_t now_ns) {
    const auto index = static_cast<unsigned>(symptom);
    std::uint64_t none = 0;
    first_ns_[index].compare_exchange_strong(none, now_ns, std::memory_order_relaxed);
    hits_[index].fetch_add(1, std::memory_order_relaxed);
  }
  std::uint64_t hits(unsigned symptom) const { return hits_[symptom].load(std::memory_order_relaxed); }
  // Since the start. REQUIRES: there was one.
  std::uint64_t first_ns(unsigned symptom) const {
    return first_ns_[symptom].load(std::memory_order_relaxed) - start_ns_;
  }

 private:
  std::uint64_t start_ns_;
  std::array<std::atomic<std::uint64_t>, kSymptoms> hits_{};
  std::array<std::atomic<std::uint64_t>, kSymptoms> first_ns_{};
};

}  // namespace rqfuzz

#endif  // FUZZ_STRESS_SYMPTOMS_H_
