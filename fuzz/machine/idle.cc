// Who runs next, and how virtual time passes when nobody can run.
//
// A CPU is frozen when it has completed a turn of a wait loop during which no memory changed but its own stack:
// its next turn would read the same values, so only the clock can make it act. When every CPU is frozen, asleep,
// stolen or at its end:
//  1. Each frozen CPU is *probed* once for each state of memory: it runs on until it has read the clock and come
//     to its next relax, or has done so many turns that a loop which ends by counting would have ended.
//     One that does not read the clock can do nothing until memory changes.
//  2. Then time jumps to the nearest moment that can matter: the end of a sleep or a steal, what the driver
//     waits for, and for each CPU that reads the clock the moments at which its reading can change what it does
//     (NextCheckNs()); those CPUs are probed again.
//  3. No moment left: the execution hangs.
// A halted CPU sleeps with no end in sight: a kick ends its sleep, and an interrupt runs on it as on any other.
//
// Why it is sound to skip the turns between two such moments: they read the same memory, and compare the clock
// only with its wait's start plus a limit and its last look for deadlocks plus the interval. A look for
// deadlocks that follows another with no change of memory in between finds what that one found. Moments in
// geometric progression are visited besides, so that a limit which is not where the contract has it shows.
#include <algorithm>
#include <bit>
#include <utility>

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kMomentUnit_ns = 2'000'000;
constexpr std::uint64_t kLongestWait_ns = 2048 * kMomentUnit_ns;

// What the clock must say, after its last reading, for a waiter with this history to act; kNever: it never will.
// `skips_checks`: MachineOptions.
std::uint64_t NextCheckNs(const ClockWait& wait, const locks::Contract& contract, bool skips_checks) {
  std::uint64_t best = kNever;
  if (!skips_checks || wait.checked_version != hot.version) {
    best = wait.last_check_ns + contract.check_interval_ns + 1;
  }
  const std::uint64_t waited_ns = wait.last_reading_ns - wait.first_reading_ns;
  const auto consider = [&](std::uint64_t after_ns) {
    // Limits are exceeded, not reached: one more nanosecond.
    if (after_ns != 0 && after_ns >= waited_ns) best = std::min(best, wait.first_reading_ns + after_ns + 1);
  };
  // 2, 4, 8 ms and so on: the first of them that is still to come.
  const std::uint64_t units = (waited_ns + kMomentUnit_ns - 1) / kMomentUnit_ns;
  if (units <= kLongestWait_ns / kMomentUnit_ns) consider(std::bit_ceil(units) * kMomentUnit_ns);
  consider(contract.pending_limit_ns);
  consider(contract.head_limit_ns);
  consider(contract.test_and_set_limit_ns);
  consider(contract.trylock_limit_ns);
  return best;
}

}  // namespace

unsigned Machine::RunnableCpus() const {
  unsigned mask = 0;
  for (unsigned i = 0; i < options_.cpu_count; ++i) mask |= CanRun(cpus_[i]) ? 1U << i : 0;
  return mask;
}

unsigned Machine::LiveCpus() const {
  unsigned mask = 0;
  for (unsigned i = 0; i < options_.cpu_count; ++i) mask |= cpus_[i].ended ? 0 : 1U << i;
  return mask;
}

unsigned Machine::NextRunnable() {
  SwitchPoint* const ahead = Current().SwitchAt(Current().top().points + 1);
  if (ahead != nullptr && CanRun(cpus_[ahead->cpu])) {
    ahead->taken = true;
    return ahead->cpu;
  }
  if (options_.driver_chooses) [[unlikely]] {
    const unsigned runnable = RunnableCpus();
    if (runnable == 0) return kMachineCpusMax;
    const unsigned chosen = driver_->ChooseCpu(runnable);
    RQFUZZ_CHECK(chosen < options_.cpu_count && (runnable >> chosen & 1) != 0);
    return chosen;
  }
  unsigned cpu = hot.cpu;
  for (unsigned left = options_.cpu_count; left > 0; --left) {
    cpu = NextInCycle(cpu);
    if (CanRun(cpus_[cpu])) return cpu;
  }
  return kMachineCpusMax;
}

void Machine::Yield() { GiveWay(); }

void Machine::GiveWay() {
  Sync();
  Cpu& cpu = Current();
  cpu.able = false;
  const unsigned preferred = std::exchange(preferred_cpu_, kMachineCpusMax);
  unsigned next = preferred < options_.cpu_count && CanRun(cpus_[preferred]) ? preferred : NextRunnable();
  if (next == kMachineCpusMax) next = Advance();
  if (next != hot.cpu) {
    Jump(cpu, cpus_[next]);
    cpu.able = true;
  } else {
    SetCountdown();
    cpu.able = true;
    if (cpu.pending_count != 0) DeliverInterrupts();
  }
}

void Machine::Sleep(std::uint64_t duration_ns) {
  Point();
  const std::uint64_t wake_ns = NowNs() + duration_ns;
  ContextFrame& frame = Current().top();
  while (NowNs() < wake_ns) {
    frame.wake_ns = wake_ns;
    Yield();
  }
  frame.wake_ns = 0;
}

void Machine::Halt(const std::uint8_t* byte, std::uint8_t value) {
  Cpu& cpu = Current();
  if (!cpu.kicked && *byte == value) {
    ContextFrame& frame = cpu.top();
    frame.wake_ns = kNever;
    Yield();
    frame.wake_ns = 0;
  }
  cpu.kicked = false;
}

void Machine::Kick(unsigned cpu) {
  RQFUZZ_CHECK(cpu < options_.cpu_count);
  Cpu& target = cpus_[cpu];
  target.kicked = true;
  if (target.top().wake_ns == kNever) target.top().wake_ns = 0;
}

void Machine::OnRelax() {
  Cpu& cpu = Current();
  if (cpu.seen_version != hot.version) {
    cpu.seen_version = hot.version;
    cpu.probing = false;
    return;
  }
  if (cpu.probing && !EndsProbe(cpu)) return;
  cpu.spinning = true;
  Yield();
  cpu.spinning = false;
}

bool Machine::EndsProbe(Cpu& cpu) const {
  if (!cpu.probe_read_clock && ++cpu.probe_turns <= probe_turns_max_) return false;
  cpu.probing = false;
  cpu.probed_version = hot.version;
  cpu.next_check_ns = cpu.probe_read_clock
                          ? NextCheckNs(cpu.top().wait, *options_.lock_type->contract, options_.skips_checks)
                          : kNever;
  return true;
}

std::uint64_t Machine::ReadClock() {
  Cpu& cpu = Current();
  cpu.probe_read_clock = true;
  ClockWait& wait = cpu.top().wait;
  wait.last_read_ns = NowNs();
  std::uint64_t now_ns = wait.last_read_ns + clock_ahead_ns_ + options_.clock_skew_ns[hot.cpu];
  if (options_.clock_granularity_ns != 0) now_ns -= now_ns % options_.clock_granularity_ns;
  if (!wait.has_read) {
    wait.has_read = true;
    wait.first_reading_ns = wait.last_check_ns = now_ns;
  } else if (now_ns - wait.last_check_ns > options_.lock_type->contract->check_interval_ns) {
    wait.last_check_ns = now_ns;
    wait.checked_version = hot.version;
  }
  wait.last_reading_ns = now_ns;
  return now_ns;
}

unsigned Machine::Advance() {
  for (;;) {
    if (running_count_ == 0) Finish();
    if (hot.base_ns >= wake_next_ns_) {
      HandleTime();
    } else {
      const unsigned probed = StartProbe();
      if (probed != kMachineCpusMax) return probed;
      const std::uint64_t moment_ns = NextMomentNs();
      if (moment_ns == kNever) {
        ReportHang();
      }
      JumpTo(moment_ns);
    }
    const unsigned preferred = std::exchange(preferred_cpu_, kMachineCpusMax);
    if (preferred < options_.cpu_count && CanRun(cpus_[preferred])) return preferred;
    const unsigned next = NextRunnable();
    if (next != kMachineCpusMax) return next;
  }
}

void Machine::ReportHang() {
  unsigned reading = 0;
  for (unsigned i = 0; i < options_.cpu_count; ++i) {
    if (!cpus_[i].ended && cpus_[i].probe_read_clock) reading |= 1U << i;
  }
  Emit(EventKind::kHang, {.new_value = reading});
  EndExecution();
}

unsigned Machine::StartProbe() {
  unsigned index = hot.cpu;
  for (unsigned left = options_.cpu_count; left > 0; --left, index = NextInCycle(index)) {
    Cpu& cpu = cpus_[index];
    if (cpu.ended || !cpu.spinning || cpu.stolen_until_ns > hot.base_ns || cpu.top().wake_ns > hot.base_ns) continue;
    if (cpu.probed_version == hot.version && NextCheckAtNs(index) > hot.base_ns) continue;
    cpu.probing = true;
    cpu.probe_read_clock = false;
    cpu.probe_turns = 0;
    return index;
  }
  return kMachineCpusMax;
}

std::uint64_t Machine::NextCheckAtNs(unsigned cpu) const {
  std::uint64_t reading_ns = cpus_[cpu].next_check_ns;
  if (reading_ns == kNever) return kNever;
  // A coarse clock says so at its next step.
  const std::uint64_t granularity_ns = options_.clock_granularity_ns;
  if (granularity_ns != 0) reading_ns = (reading_ns + granularity_ns - 1) / granularity_ns * granularity_ns;
  const std::uint64_t ahead_ns = clock_ahead_ns_ + options_.clock_skew_ns[cpu];
  return reading_ns > ahead_ns ? reading_ns - ahead_ns : 0;
}

std::uint64_t Machine::NextMomentNs() const {
  std::uint64_t best = wake_next_ns_;
  for (unsigned i = 0; i < options_.cpu_count; ++i) {
    const Cpu& cpu = cpus_[i];
    if (cpu.ended) continue;
    const bool stolen = cpu.stolen_until_ns > hot.base_ns;
    if (cpu.top().wake_ns > hot.base_ns && !stolen) best = std::min(best, cpu.top().wake_ns);
    if (cpu.spinning && cpu.probed_version == hot.version && !stolen) best = std::min(best, NextCheckAtNs(i));
  }
  return best;
}

void Machine::JumpTo(std::uint64_t time_ns) {
  RQFUZZ_CHECK(time_ns > hot.base_ns);
  jumped_ns_ += time_ns - hot.base_ns;
  hot.base_ns = time_ns;
  if (time_ns >= wake_next_ns_) HandleTime();
  PlanLook();
}

void Machine::Steal(unsigned cpu, std::uint64_t duration_ns) {
  Sync();
  if (cpus_[cpu].ended || duration_ns == 0) return;
  const std::uint64_t until_ns = hot.base_ns + duration_ns;
  if (cpus_[cpu].stolen_until_ns == 0) EmitFor(cpus_[cpu], EventKind::kStealBegin);
  cpus_[cpu].able = false;
  cpus_[cpu].stolen_until_ns = std::max(cpus_[cpu].stolen_until_ns, until_ns);
  wake_next_ns_ = std::min(wake_next_ns_, cpus_[cpu].stolen_until_ns);
  PlanLook();
  disturbed_ = true;
}

void Machine::TakeOffline(unsigned cpu) {
  Sync();
  if (cpus_[cpu].ended) return;
  EmitFor(cpus_[cpu], EventKind::kOffline);
  cpus_[cpu].ended = cpus_[cpu].offline = true;
  cpus_[cpu].able = false;
  cpus_[cpu].pending_count = 0;
  --running_count_;
  disturbed_ = true;
}

void Machine::JumpClock(std::uint64_t duration_ns) {
  Emit(EventKind::kClockJump, {.clock_read_ns = duration_ns});
  clock_ahead_ns_ += duration_ns;
}

void Machine::HandleTime() {
  const std::uint64_t now_ns = hot.base_ns;
  for (unsigned i = 0; i < options_.cpu_count; ++i) {
    if (cpus_[i].stolen_until_ns == 0 || cpus_[i].stolen_until_ns > now_ns) continue;
    cpus_[i].stolen_until_ns = 0;
    EmitFor(cpus_[i], EventKind::kStealEnd);
  }
  if (driver_->NextTimeNs() <= now_ns) driver_->OnTime(now_ns);
  RQFUZZ_CHECK(driver_->NextTimeNs() > now_ns);
  wake_next_ns_ = driver_->NextTimeNs();
  for (unsigned i = 0; i < options_.cpu_count; ++i) {
    if (cpus_[i].stolen_until_ns != 0) wake_next_ns_ = std::min(wake_next_ns_, cpus_[i].stolen_until_ns);
  }
}

}  // namespace rqfuzz
