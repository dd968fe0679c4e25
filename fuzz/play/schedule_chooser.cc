#include "fuzz/play/schedule_chooser.h"

#include "fuzz/play/pct_chooser.h"
#include "fuzz/play/pos_chooser.h"
#include "fuzz/play/surw_chooser.h"
#include "fuzz/play/uniform_chooser.h"

namespace rqfuzz {

namespace {

// The one chooser of its kind.
template <typename Chooser>
ScheduleChooser* Start(const Scenario& scenario) {
  static Chooser chooser;
  chooser.Start(scenario);
  return &chooser;
}

}  // namespace

ScheduleChooser* StartChooser(const Scenario& scenario) {
  switch (scenario.schedule.kind) {
    case ScheduleKind::kSwitches:
      return nullptr;
    case ScheduleKind::kUniform:
      return Start<UniformChooser>(scenario);
    case ScheduleKind::kPct:
      return Start<PctChooser>(scenario);
    case ScheduleKind::kPos:
      return Start<PosChooser>(scenario);
    case ScheduleKind::kSurw:
      return Start<SurwChooser>(scenario);
  }
  return nullptr;
}

unsigned EstimatedPoints(const Program& program) {
  constexpr unsigned kAcquire = 12;
  constexpr unsigned kRelease = 6;
  unsigned points = 0;
  for (const Operation& operation : program) {
    switch (operation.kind) {
      case OperationKind::kAcquire:
        points += kAcquire;
        break;
      case OperationKind::kRelease:
      case OperationKind::kStrayRelease:
        points += kRelease;
        break;
      case OperationKind::kWork:
        ++points;
        break;
    }
  }
  return points;
}

}  // namespace rqfuzz
