#include <algorithm>
#include <bitset>

#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

using Cpus = std::bitset<kCpusMax>;

// Adds the faults of `parent` that lie on `cpus` to `child`, interrupts and programs with their handlers. `handlers`
// is how many the child has.
void Inherit(const Scenario& parent, const Cpus& cpus, unsigned& handlers, Scenario& child) {
  std::array<unsigned, kHandlersMax> new_handler;
  new_handler.fill(kHandlersMax);
  // Other faults may lie in the handlers of later interrupts, so the numbers come first.
  unsigned old_handler = 0;
  unsigned next = handlers;
  for (const Fault& fault : parent.faults) {
    if (!HasHandler(fault.kind)) continue;
    if (cpus[CpuOfMoment(parent, fault.moment)] && next < kHandlersMax) new_handler[old_handler] = next++;
    ++old_handler;
  }
  old_handler = 0;
  for (const Fault& inherited : parent.faults) {
    const bool has_handler = HasHandler(inherited.kind);
    const unsigned own_handler = has_handler ? old_handler++ : 0;
    if (child.faults.size() == kFaultsMax) return;
    if (!cpus[CpuOfMoment(parent, inherited.moment)]) continue;
    if (has_handler && new_handler[own_handler] == kHandlersMax) continue;
    Fault fault = inherited;
    if (fault.moment.kind == MomentKind::kAccess && fault.moment.program >= kCpusMax) {
      const unsigned handler = new_handler[fault.moment.program - kCpusMax];
      if (handler == kHandlersMax) continue;
      fault.moment.program = static_cast<std::uint8_t>(kCpusMax + handler);
    }
    child.faults.push_back(fault);
    if (has_handler) child.programs[kCpusMax + handlers++] = parent.programs[kCpusMax + own_handler];
  }
}

}  // namespace

Scenario CrossOver(const Scenario& first, const Scenario& second, Random& random) {
  Scenario child;
  child.lock_type = InheritBuild(*first.lock_type, random);
  child.virtual_machine = first.virtual_machine;
  child.cpu_count = random.OneIn(2) ? first.cpu_count : second.cpu_count;
  child.lock_count = std::max(first.lock_count, second.lock_count);
  child.clock_granularity_ns = first.clock_granularity_ns;
  child.schedule = random.OneIn(2) ? first.schedule : second.schedule;
  Cpus from_first;
  Cpus from_second;
  for (unsigned cpu = 0; cpu < child.cpu_count; ++cpu) {
    const bool is_first = cpu >= second.cpu_count || (cpu < first.cpu_count && random.OneIn(2));
    (is_first ? from_first : from_second).set(cpu);
    const Scenario& parent = is_first ? first : second;
    child.programs[cpu] = parent.programs[cpu];
    child.clock_skew_ns[cpu] = parent.clock_skew_ns[cpu];
    child.slow_by[cpu] = parent.slow_by[cpu];
  }
  unsigned handlers = 0;
  Inherit(first, from_first, handlers, child);
  Inherit(second, from_second, handlers, child);
  Repair(child);
  KeepCallersRule(child);
  return child;
}

}  // namespace rqfuzz
