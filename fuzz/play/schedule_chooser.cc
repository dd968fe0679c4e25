#include "fuzz/play/schedule_chooser.h"

#include "fuzz/play/pct_chooser.h"
#include "fuzz/play/pos_chooser.h"
#include "fuzz/play/surw_chooser.h"
#include "fuzz/play/uniform_chooser.h"

namespace rqfuzz {

ScheduleChooser* StartChooser(const Scenario& scenario) {
  static UniformChooser uniform;
  static PctChooser pct;
  static PosChooser pos;
  static SurwChooser surw;
  ScheduleChooser* chooser = nullptr;
  switch (scenario.schedule.kind) {
    case ScheduleKind::kSwitches:
      break;
    case ScheduleKind::kUniform:
      chooser = &uniform;
      break;
    case ScheduleKind::kPct:
      chooser = &pct;
      break;
    case ScheduleKind::kPos:
      chooser = &pos;
      break;
    case ScheduleKind::kSurw:
      chooser = &surw;
      break;
  }
  if (chooser != nullptr) chooser->Start(scenario);
  return chooser;
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
