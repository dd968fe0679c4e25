// No hang: no acquire waits for ever. The machine says when nothing can change any more; this oracle says who
// waits for whom then. Of locks that never fail only this is demanded: whoever waits for ever is in a deadlock, or
// waits for somebody who is. An execution that the machine has cut short is a livelock if nobody has come a call further
// in the latter half of it; otherwise it was only long, and the limit `cut-short` says that it was not seen to its end.
#ifndef FUZZ_ORACLES_NO_HANG_H_
#define FUZZ_ORACLES_NO_HANG_H_

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class NoHangOracle {
 public:
  static constexpr std::string_view kName = "no-hang";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd, EventKind::kReleaseEnd,
                                             EventKind::kHang, EventKind::kStepLimit);

  void Reset() { last_return_step_ = 0; }
  void OnEvent(const World& before, const Event& event, Report report) {
    if (event.kind == EventKind::kAcquireEnd || event.kind == EventKind::kReleaseEnd) {
      last_return_step_ = event.step;
    } else if (report.Wants(VerdictKind::kFinding)) {
      OnStop(before, event, report);
    }
  }
  void OnEnd(const World&, Report) {}

 private:
  // The execution has ended before its calls had.
  void OnStop(const World& before, const Event& event, Report report) const;
  void OnStepLimit(const World& before, const Event& event, Report report) const;

  std::uint32_t last_return_step_ = 0;  // when a call last returned
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_NO_HANG_H_
