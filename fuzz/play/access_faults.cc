#include "fuzz/play/access_faults.h"

#include <algorithm>
#include <tuple>

namespace rqfuzz {

void AccessFaults::Load(const Scenario& scenario) {
  scenario_ = &scenario;
  unsigned count = 0;
  std::array<std::uint8_t, kFaultsMax> switches;
  unsigned switch_count = 0;
  for (unsigned i = 0; i < scenario.faults.size(); ++i) {
    if (MomentOf(i).kind != MomentKind::kAccess) continue;
    if (scenario.faults[i].kind == FaultKind::kSwitch) {
      switches[switch_count++] = static_cast<std::uint8_t>(i);
    } else {
      faults_[count++] = static_cast<std::uint8_t>(i);
    }
  }
  if (switch_count == 0) {
    first_switch_.fill(0);
  } else {
    LoadSwitches(switches, switch_count);
  }
  if (count == 0) return first_.fill(0);
  Sort(faults_, count);
  unsigned next = 0;
  for (unsigned program = 0; program <= kProgramsMax; ++program) {
    first_[program] = static_cast<std::uint8_t>(next);
    while (next < count && MomentOf(faults_[next]).program == program) ++next;
  }
}

void AccessFaults::Sort(std::array<std::uint8_t, kFaultsMax>& faults, unsigned count) const {
  // Within one moment, faults come in the order of the scenario.
  std::sort(faults.begin(), faults.begin() + count, [this](unsigned a, unsigned b) {
    const Moment& x = MomentOf(a);
    const Moment& y = MomentOf(b);
    return std::tuple(x.program, x.operation, x.access, a) < std::tuple(y.program, y.operation, y.access, b);
  });
}

void AccessFaults::LoadSwitches(std::array<std::uint8_t, kFaultsMax>& switches, unsigned count) {
  Sort(switches, count);
  unsigned next = 0;
  unsigned place = 0;
  for (unsigned program = 0; program <= kProgramsMax; ++program) {
    first_switch_[program] = static_cast<std::uint8_t>(place);
    while (next < count && MomentOf(switches[next]).program == program) {
      const unsigned operation = MomentOf(switches[next]).operation;
      const auto add = [&](SwitchPoint added) {
        switches_[place] = added;
        switch_operation_[place++] = static_cast<std::uint8_t>(operation);
      };
      for (; next < count; ++next) {
        const Fault& fault = scenario_->faults[switches[next]];
        if (fault.moment.program != program || fault.moment.operation != operation) break;
        add({.point = fault.moment.access, .cpu = fault.target_cpu});
      }
      add({});
    }
  }
}

}  // namespace rqfuzz
