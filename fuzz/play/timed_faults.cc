#include "fuzz/play/timed_faults.h"

#include <algorithm>
#include <utility>

#include "fuzz/machine/cpu.h"

namespace rqfuzz {
namespace {

// The first time after `now_ns` that is a number of periods after `begin_ns`. One that is due before the last one could
// be raised is one of those that are lost.
std::uint64_t NextInstanceNs(std::uint64_t begin_ns, std::uint64_t period_ns, std::uint64_t now_ns) {
  return begin_ns + ((now_ns - begin_ns) / period_ns + 1) * period_ns;
}

}  // namespace

void TimedFaults::Load(const Scenario& scenario) {
  scenario_ = &scenario;
  count_ = next_ = storm_count_ = 0;
  for (unsigned i = 0; i < scenario.faults.size(); ++i) {
    if (FaultAt(i).moment.kind == MomentKind::kTime) at_time_[count_++] = static_cast<std::uint8_t>(i);
  }
  std::sort(at_time_.begin(), at_time_.begin() + count_, [this](unsigned a, unsigned b) {
    return std::pair(FaultAt(a).moment.time_ns, a) < std::pair(FaultAt(b).moment.time_ns, b);
  });
}

std::uint64_t TimedFaults::NextBeginNs() const {
  return next_ < count_ ? FaultAt(at_time_[next_]).moment.time_ns : kNever;
}

std::uint64_t TimedFaults::NextNs() const {
  std::uint64_t next_ns = NextBeginNs();
  for (unsigned i = 0; i < storm_count_; ++i) next_ns = std::min(next_ns, storms_[i].next_ns);
  return next_ns;
}

void TimedFaults::PassStorms(std::uint64_t now_ns, absl::FunctionRef<void(unsigned fault)> inject) {
  unsigned going_on = 0;
  for (unsigned i = 0; i < storm_count_; ++i) {
    Storm storm = storms_[i];
    if (storm.next_ns <= now_ns) {
      inject(storm.fault);
      storm.next_ns = NextInstanceNs(storm.next_ns, FaultAt(storm.fault).period_ns, now_ns);
    }
    if (storm.next_ns <= storm.end_ns) storms_[going_on++] = storm;
  }
  storm_count_ = going_on;
}

void TimedFaults::Pass(std::uint64_t now_ns, absl::FunctionRef<void(unsigned fault)> inject) {
  PassStorms(now_ns, inject);
  while (NextBeginNs() <= now_ns) {
    const std::uint8_t index = at_time_[next_++];
    const Fault& fault = FaultAt(index);
    inject(index);
    if (fault.period_ns == 0) continue;
    const std::uint64_t next_ns = NextInstanceNs(fault.moment.time_ns, fault.period_ns, now_ns);
    const std::uint64_t end_ns = fault.moment.time_ns + fault.duration_ns;
    if (next_ns <= end_ns) storms_[storm_count_++] = {.fault = index, .next_ns = next_ns, .end_ns = end_ns};
  }
}

}  // namespace rqfuzz
