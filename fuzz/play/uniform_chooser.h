// At each point, a CPU drawn uniformly from those that can run.
#ifndef FUZZ_PLAY_UNIFORM_CHOOSER_H_
#define FUZZ_PLAY_UNIFORM_CHOOSER_H_

#include "fuzz/play/schedule_chooser.h"

namespace rqfuzz {

class UniformChooser final : public ScheduleChooser {
 public:
  void Start(const Scenario& scenario) override { random_ = Random(scenario.schedule.seed); }
  Decision Choose(const SchedulePoint& point) override { return {.cpu = DrawCpu(point.runnable, random_)}; }

 private:
  Random random_{0};
};

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_UNIFORM_CHOOSER_H_
