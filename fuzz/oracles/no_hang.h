// No hang: no acquire waits for ever. The machine says when nothing can change any more; this oracle says who
// waits for whom then. Of locks that never fail only this is demanded: whoever waits for ever is in a deadlock, or
// waits for somebody who is.
#ifndef FUZZ_ORACLES_NO_HANG_H_
#define FUZZ_ORACLES_NO_HANG_H_

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class NoHangOracle {
 public:
  static constexpr std::string_view kName = "no-hang";
  static constexpr EventSet kEvents = Events(EventKind::kHang, EventKind::kStepLimit);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report& report);
  void OnEnd(const World&, Report&) {}
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_NO_HANG_H_
