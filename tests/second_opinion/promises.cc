#include "tests/second_opinion/promises.h"

#include <algorithm>
#include <vector>

namespace rqfuzz::second_opinion {
namespace {

constexpr std::uint64_t kAtOnce_ns = 100'000;
constexpr std::uint64_t kOneCheck_ns = 100'000;
constexpr std::uint64_t kPendingLimit_ns = 250 * kMs;
constexpr std::uint64_t kHeadLimit_ns = 500 * kMs;
constexpr std::uint64_t kTestAndSetLimit_ns = 1'000 * kMs;
constexpr unsigned kTableSlots = 31;
}  // namespace

int Promises::Root(int id) const {
  for (std::size_t steps = 0; told_.calls[id].told_by != kNone && steps < told_.calls.size(); ++steps) {
    id = told_.calls[id].told_by;
  }
  return id;
}

Opinion Promises::Judge(std::span<const TraceLine> trace) {
  for (const TraceLine& line : trace) OnLine(line);
  for (const auto& [first, second] : overtakings_) {
    if (told_.calls[first].result == "0") Say("fair");
  }
  for (int id = 0; id < static_cast<int>(told_.calls.size()); ++id) {
    ErrorCauseOfTheTold(id);
    Bystanders(id);
  }
  return opinion_;
}

void Promises::OnLine(const TraceLine& line) {
  const int id = told_.Current(line);
  told_.PassTime(line);
  if (told_.jump_ns > 0) PromptAbba();
  NodeSafety(line);
  NoHang(line);
  Recovery(line);
  const std::size_t returns = line.action.find(" returns");
  if (returns != std::string::npos) {
    const Call& call = told_.calls[id];
    const bool irq = call.entry_point.find("irqsave") != std::string::npos;
    const bool acquired = line.action.rfind("acquire ", 0) == 0;
    if (acquired) {
      const std::string result = line.action.substr(returns + 9);
      OnAcquireReturns(id, result);
      Context(id, result == "0" ? 1 : 0, result == "0" && irq ? 1 : 0);
    } else {
      Context(id, -1, irq ? -1 : 0);
    }
  }
  told_.Tell(line);
}

void Promises::OnAcquireReturns(int id, const std::string& result) {
  Exclusion(id, result);
  PromptAa(id, result);
  Nmi(id);
  OnReturnOfAbba(id);
  OwnLimit(id);
  InheritedLimit(id);
  ErrorCause(id, result);
  Fair(id, result);
  ViolationReport(id, result);
}

void Promises::Exclusion(int id, const std::string& result) {
  if (result == "0" && told_.Owner(told_.calls[id].lock) != kNone) Say("exclusion");
}

void Promises::NoHang(const TraceLine& line) {
  if (line.action == "cut short: too many steps") Unsure("no-hang");
  if (line.action != "nothing can change any more") return;
  if (told_.any_offline) return Unsure("no-hang");
  for (const auto& [number, cpu] : told_.cpus) {
    for (const auto& [depth, id] : cpu.current) {
      if (id != kNone) Say("no-hang");
    }
  }
}

void Promises::PromptAa(int id, const std::string& result) {
  const Call& call = told_.calls[id];
  const int holder = told_.locks[call.lock].holder;
  if (holder == kNone || holder == id || told_.calls[holder].cpu != call.cpu || result == "0") return;
  if (call.open_below >= kTableSlots) return Unsure("prompt-aa");
  if (result != "-EDEADLK" || call.waited_in_all_ns >= kAtOnce_ns) Say("prompt-aa");
}

void Promises::Nmi(int id) {
  const Call& call = told_.calls[id];
  if (!call.in_nmi || call.waited_in_all_ns < kAtOnce_ns) return;
  if (call.open_below >= kTableSlots) return Unsure("nmi");
  for (const int other : told_.cpus[call.cpu].open) {
    const Call& lower = told_.calls[other];
    if (other == id || lower.lock != call.lock || !lower.result.empty()) continue;
    const bool stands_in_line = lower.queued && !lower.left_queue;
    if (stands_in_line || told_.locks[call.lock].pending_by == other) Say("nmi");
  }
}

// Counts the time that has just passed for each waiter that is in an ABBA, if its CPU ran and the two were not both
// owed a link by a CPU that could not give it.
void Promises::PromptAbba() {
  const auto waits_with_clock = [&](int id) {
    if (id == kNone) return false;
    const Call& call = told_.calls[id];
    const Cpu& cpu = told_.cpus[call.cpu];
    return call.result.empty() && !call.took_lock && (call.wait == Wait::kPending || call.wait == Wait::kHead) &&
           !cpu.offline && call.depth + 1 == cpu.contexts.size();
  };
  const auto holder_cpu = [&](int id) {
    const int holder = told_.locks[told_.calls[id].lock].holder;
    return holder == kNone ? -1 : static_cast<int>(told_.calls[holder].cpu);
  };
  std::map<std::pair<int, int>, std::uint64_t> going_on;
  for (auto& [c, one_cpu] : told_.cpus) {
    for (auto& [d, other_cpu] : told_.cpus) {
      const int one = c != d ? told_.CurrentOf(c) : kNone;
      const int other = c != d ? told_.CurrentOf(d) : kNone;
      if (!waits_with_clock(one) || !waits_with_clock(other)) continue;
      if (holder_cpu(one) != static_cast<int>(d) || holder_cpu(other) != static_cast<int>(c)) continue;
      // A third CPU that names one of the locks below its top may hide it.
      for (auto& [e, third] : told_.cpus) {
        if (e == c || e == d) continue;
        if (third.open.size() > 1) Unsure("prompt-abba");
      }
      if (std::max(one_cpu.open.size(), other_cpu.open.size()) > kTableSlots) Unsure("prompt-abba");
      const bool counts = !one_cpu.stolen && !(told_.IsOwedLink(one) && told_.IsOwedLink(other));
      going_on[{one, other}] = abba_ns_[{one, other}] + (counts ? told_.jump_ns : 0);
    }
  }
  abba_ns_ = going_on;
}

void Promises::OnReturnOfAbba(int id) {
  for (const auto& [pair, lasted_ns] : abba_ns_) {
    if (pair.first != id && pair.second != id) continue;
    const std::uint64_t other_lasted_ns = abba_ns_.at({pair.second, pair.first});
    if (std::min(lasted_ns, other_lasted_ns) <= 1 * kMs + kOneCheck_ns) continue;
    if (settings_.unusual_time || told_.clock_jumped) Unsure("prompt-abba");
    Say("prompt-abba");
  }
}

void Promises::OwnLimit(int id) {
  const Call& call = told_.calls[id];
  if (call.wait != Wait::kPending && call.wait != Wait::kHead) return;
  const std::uint64_t limit_ns = call.wait == Wait::kPending ? kPendingLimit_ns : kHeadLimit_ns;
  if (call.waited_ns <= limit_ns + kOneCheck_ns) return;
  if (call.disturbed || settings_.unusual_time || told_.clock_jumped) Unsure("own-limit");
  Say("own-limit");
}

void Promises::InheritedLimit(int id) {
  const Call& call = told_.calls[id];
  if (call.wait != Wait::kBehind) return;
  if (call.waited_ns <= (call.ahead_count + 1) * kHeadLimit_ns + call.owned_ns + kOneCheck_ns) return;
  if (call.disturbed || settings_.unusual_time) Unsure("inherited-limit");
  Say("inherited-limit");
}

void Promises::ErrorCause(int id, const std::string& result) {
  const Call& call = told_.calls[id];
  if (result == "0" || (call.wait == Wait::kBehind && call.told_by != kNone)) return;
  if (result == "-EDEADLK") {
    const bool refused = call.lacked_node && !settings_.spins_on_trylock;
    if (call.saw_itself || call.saw_other || refused) return;
    // The tables showed a cause, though the lock came to its answer by another way: perhaps at another time.
    if (call.stood_in_abba) Unsure("error-cause");
    Say("error-cause");
    return;
  }
  std::uint64_t limit_ns = settings_.spins_on_trylock ? kPendingLimit_ns : kTestAndSetLimit_ns;
  if (call.wait == Wait::kPending) limit_ns = kPendingLimit_ns;
  if (call.wait == Wait::kHead) limit_ns = kHeadLimit_ns;
  if (call.last_clock_ns - call.first_clock_ns >= limit_ns) return;
  // Clocks that are coarse, or ahead, or jump, show more than has passed.
  if (settings_.unusual_time || told_.clock_jumped) Unsure("error-cause");
  Say("error-cause");
}

void Promises::ErrorCauseOfTheTold(int id) {
  const Call& call = told_.calls[id];
  if (call.wait != Wait::kBehind || call.told_by == kNone || call.result.empty() || call.result == "0") return;
  const Call& root = told_.calls[Root(id)];
  if (root.result.empty()) return;
  if (root.result != call.result) Say("error-cause");
}

void Promises::Bystanders(int id) {
  const Call& call = told_.calls[id];
  if (call.wait != Wait::kBehind || call.told_by == kNone || call.result != "-EDEADLK") return;
  if (told_.calls[Root(id)].result != "-EDEADLK") return;
  // Who holds nothing, and is not on top of anything, is in no cycle.
  if (call.open_below > 0) return Unsure("bystanders");
  Say("bystanders");
}

void Promises::Recovery(const TraceLine& line) {
  if (line.action != "not at rest") return;
  for (const auto& [number, cpu] : told_.cpus) {
    if (cpu.offline || !cpu.open.empty()) return Unsure("recovery");
  }
  Say("recovery");
}

void Promises::NodeSafety(const TraceLine& line) {
  if (line.action == "accesses memory that is not the lock's") Say("node-safety");
  unsigned cpu = 0;
  unsigned index = 0;
  std::string field;
  if (!line.is_access || !SplitPerCpu(line.location, "node", cpu, index, field) || cpu == line.cpu) return;
  const auto user = told_.cpus[cpu].node_user.find(index);
  const int owner = user == told_.cpus[cpu].node_user.end() ? kNone : user->second;
  const int toucher = told_.Current(line);
  if (owner == kNone || !told_.calls[owner].result.empty()) return Say("node-safety");
  if (toucher == kNone) return Say("node-safety");
  if (told_.calls[toucher].ahead != owner && told_.calls[owner].ahead != toucher) Say("node-safety");
}

void Promises::Fair(int id, const std::string& result) {
  if (result != "0" || !told_.calls[id].queued) return;
  for (const int other : told_.locks[told_.calls[id].lock].queue) {
    if (other == id) break;
    if (!told_.calls[other].took_lock) overtakings_.insert({other, id});
  }
}

void Promises::Context(int id, int preempt_due, int irq_due) {
  const Call& call = told_.calls[id];
  if (call.preempt != preempt_due || call.irq != irq_due) Say("context");
}

void Promises::ViolationReport(int id, const std::string& result) {
  const Call& call = told_.calls[id];
  const bool due = result != "0" && call.entry_point.rfind("bpf", 0) == 0;
  if (call.reports != (due ? 1 : 0) || call.report_late) Say("violation-report");
}

}  // namespace rqfuzz::second_opinion
