#include "fuzz/report/why.h"

#include <algorithm>
#include <iterator>

namespace rqfuzz {
namespace {

constexpr Promise kPromises[] = {
    {"exclusion", "two owners", "At most one owner at any time."},
    {"node-safety", "a queue node is touched after its owner left",
     "Nobody touches a queue node after its owner has left."},
    {"no-hang", "a call waits for ever",
     "No acquire waits for ever: there is no state in which nothing can change any more while an acquire has not "
     "returned."},
    {"prompt-aa", "a lock that this CPU holds already is not refused at once",
     "If a lower context of this CPU holds the lock, a slow path returns -EDEADLK without waiting."},
    {"nmi", "an NMI waits for what it has interrupted",
     "An NMI never waits directly for a lock that a lower context of its CPU holds or attempts."},
    {"prompt-abba", "an ABBA deadlock is not seen in time",
     "Of two waiters with a clock, each owning what the other wants, one returns within 1 ms and one check."},
    {"bystanders", "a caller that is in no deadlock is told of one",
     "A waiter that is in no cycle never receives -EDEADLK because somebody ahead of it does."},
    {"error-cause", "an error without its cause",
     "-EDEADLK only if the held-lock table shows the deadlock, or for want of a queue node; -ETIMEDOUT only if the "
     "waiter's own clock ran out, or that of the head which destroyed its queue."},
    {"own-limit", "a wait outlasts its limit",
     "A waiter with a clock returns within its limit (250 ms pending, 500 ms head, 1 s test-and-set) and one check."},
    {"inherited-limit", "a wait in the queue outlasts its limit",
     "A waiter behind the head returns within 500 ms for each waiter ahead of it, plus the sections they own."},
    {"fair", "the queue is not served in order", "Without errors, waiters in the queue get the lock in order."},
    {"context", "preemption or interrupts are not what they were",
     "Preemption and interrupt state after a call are what they were before (plus the lock's own), and a reschedule "
     "that became due meanwhile is carried out."},
    {"recovery", "something stays behind",
     "When all calls have returned and all owners have released: word 0, all counts 0, table empty."},
};

struct Explanation {
  std::string_view oracle;
  std::string_view cause;  // or what it begins with
  std::string_view text;
};

// The first that fits is taken. Sections are those of the lock's description; lock/rqspinlock.cc names their steps.
constexpr Explanation kExplanations[] = {
    {"prompt-aa", "holder-acquiring-missed",
     "The word said that the lock was taken, but its taker, interrupted on this very CPU, was not in the held-lock "
     "table yet: the entry has to come before the compare-and-swap (section 5, fast path step 1). The AA check "
     "looks at the table alone, found nothing, and let the newcomer wait for an owner that cannot run before the "
     "newcomer returns. Only the clock ended it, with the wrong error."},
    {"prompt-aa", "holder-releasing-missed",
     "The releaser, interrupted on this very CPU, had already cleared its slot in the held-lock table but not yet "
     "the word: the word has to be freed first (section 8). The AA check looks at the table alone, found nothing, "
     "and let the newcomer wait for an owner that cannot run before the newcomer returns. Only the clock ended it, "
     "with the wrong error."},
    {"prompt-aa", "holder-in-section-late-as-queued",
     "The table did name the lock, but nobody looked before queueing (section 5, queue step 1), and a waiter "
     "behind the head has no clock and no check of its own (step 7). It waited until the head ahead of it gave up; "
     "the head, in turn, could not get the lock because the owner lies beneath the waiter. Both lost their time, "
     "and the head its lock."},
    {"prompt-aa", "holder-in-section-late-as-newcomer",
     "In place of queueing, the newcomer spun on a trylock. It could not succeed: the owner lies beneath it on the "
     "same CPU and cannot run before it returns. The table did name the lock, but nobody looked at once (section "
     "5, queue step 1): the first check of a wait only starts the clock, and the look at the table came a "
     "millisecond later. All others that wait for the lock lost that time too."},
    {"prompt-aa", "holder-in-section-late",
     "The table did name the lock, but the first check of this wait only started the clock, where it has to look "
     "at the table first (section 6): that look came a millisecond later. For all that time the CPU spun for a "
     "lock that it holds itself and that nobody else can release."},
    {"prompt-aa", "holder-in-section-missed",
     "The owner's acquire had returned, so the table did name the lock, but no look at it came before the clock "
     "had run out. The first check of a wait has to look at the table (section 6), and so has whoever is about to "
     "queue (section 5, queue step 1). The CPU waited for a lock that it holds itself, and its caller was told of "
     "a timeout in place of a deadlock."},
    {"prompt-aa", "holder-acquiring-late",
     "The newcomer was refused in the end, so the table did name the lock, but only after a wait: the first check "
     "of a wait has to look at the table (section 6), and so has whoever is about to queue (section 5, queue step "
     "1). Until then the CPU spun for a lock that is in its own lower context's hands."},
    {"prompt-aa", "holder-releasing-late",
     "The newcomer was refused in the end, so the table did name the lock, but only after a wait: the first check "
     "of a wait has to look at the table (section 6), and so has whoever is about to queue (section 5, queue step "
     "1). Until then the CPU spun for a lock that is in its own lower context's hands."},
    {"prompt-aa", "",
     "The owner is this CPU's own lower context, which cannot run before the newcomer has returned."},
    {"no-hang", "head-waits-without-a-clock",
     "The head saw a deadlock, gave up, and then had to hand the queue to a successor; there was none. It should "
     "have tried to swap the tail back to 0 first (section 5, queue step 9). Instead it waits for a successor to "
     "link itself, in a loop that looks neither at the clock nor at the lock. Unless some other CPU happens to "
     "queue, it spins for ever, and whoever waits for a lock that it holds spins with it."},
    {"no-hang", "claimed-head-without-successor",
     "The head took the lock, found that the word had changed under it, concluded that somebody had queued behind "
     "it (section 5, queue step 11), and waits for that successor to link itself. Nobody has queued, so the wait "
     "has no end."},
    {"no-hang", "nmi-on-top-of-the",
     "The NMI queued behind a waiter of its own CPU; with a waiter below it, it may only try once (section 5, "
     "queue step 3). That waiter cannot hand over before the NMI returns, and the NMI cannot return before it is "
     "handed over. Waiters behind the head have no clock (step 7), so nothing ends it."},
    {"no-hang", "",
     "Each of those who wait depends on another of them or on somebody that never comes, and none of them looks at "
     "a clock."},
    {"nmi", "waits-for-lower",
     "The NMI interrupted a waiter that keeps the word from becoming 0 (its pending bit or its place in the queue "
     "stays set until it runs again), and then spun on a trylock that needs the word to be 0, where one try is all "
     "it may make (section 5, queue step 3). It cannot succeed however long it tries, and nobody makes progress "
     "until it stops."},
    {"prompt-abba", "",
     "Each of the two holds what the other wants, so neither can go on until one of them is refused."},
    {"bystanders", "told-by-the-waiter-ahead",
     "The head of the queue was in a deadlock and got -EDEADLK, rightly. On its way out it destroyed the queue and "
     "so told everybody behind it to leave with the same error. They hold nothing that anybody waits for: the head "
     "should have handed the queue over and left alone (section 5, queue step 9)."},
    {"error-cause", "deadlock-reported-after-timeout",
     "The head's clock ran out, so it destroyed the queue, rightly (section 5, queue step 10). Those behind it "
     "left with -EDEADLK: the caller is told of a deadlock that never was. It should have been told -ETIMEDOUT, as "
     "the head was (step 7)."},
    {"error-cause", "deadlock-reported-to-test-and-set",
     "The acquire had entered the lock in its CPU's held-lock table twice: before the first try, and again on the "
     "test-and-set path, which finds the entry made already (section 7). The AA check passes over the top entry "
     "only, so it took the first entry of this very call for a lock held below, and refused a lock that this CPU "
     "does not hold."},
    {"error-cause", "deadlock-reported",
     "The caller was told of a deadlock, and there was none that the lock can have seen."},
    {"recovery", "locked-left-in-the-word",
     "A waiter was told to leave, looked at the lock once more, found it free and took it, and returned the error "
     "all the same. Once a wait has its error, the lock must not be looked at again (section 6). The caller "
     "believes that it does not own the lock and will never release it: everybody after it is refused."},
    {"recovery", "table-count-left",
     "One acquire made two entries in the held-lock table, one before the first try and one on the test-and-set "
     "path, which finds the entry made already (section 7); its release took back one. The entry that stays makes "
     "later attempts on this CPU look like AA, and other CPUs see a lock held that is not."},
    {"context", "reschedule-lost-after-failed-acquire",
     "The failed acquire enabled preemption again while interrupts were still off, where a reschedule cannot be "
     "carried out, and then restored interrupts without looking again: interrupts have to come back first (section "
     "9). The task that should run waits until the next tick or interrupt."},
    {"context", "reschedule-lost",
     "The release enabled preemption while interrupts were still off, where a reschedule cannot be carried out, "
     "and then restored interrupts without looking again: interrupts have to come back first (section 9). "
     "The task that should run waits until the next tick or interrupt."},
};

}  // namespace

const Promise* PromiseOf(const Verdict& verdict) {
  if (verdict.kind != VerdictKind::kFinding) return nullptr;
  const auto* const found = std::find_if(std::begin(kPromises), std::end(kPromises),
                                         [&](const Promise& promise) { return promise.oracle == verdict.oracle; });
  return found == std::end(kPromises) ? nullptr : found;
}

std::string_view ExplanationOf(const Verdict& verdict) {
  if (verdict.kind != VerdictKind::kFinding) return {};
  const auto* const found =
      std::find_if(std::begin(kExplanations), std::end(kExplanations), [&](const Explanation& explanation) {
        return explanation.oracle == verdict.oracle && std::string_view(verdict.cause).starts_with(explanation.cause);
      });
  return found == std::end(kExplanations) ? std::string_view() : found->text;
}

}  // namespace rqfuzz
