#include "fuzz/engines/progress.h"

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

TEST(ProgressTest, LinesSayEverything) {
  ProgressState state;
  state.seconds = 12.2;
  state.seconds_total = 60;
  state.executions = 1'234'567;
  state.executions_per_second = 100'000;
  state.corpus_files = 42;
  state.features = 321;
  state.states = 99;
  state.findings = 2;
  state.known = 1;
  state.last_feature_seconds = 9.2;
  state.workers = {{"libfuzzer", "running", 0, 1'000, 10}, {"afl", "running", 2, 2'000, 20}};
  EXPECT_EQ(ProgressLine(state),
            "12/60 s, 1,234,567 executions, 100,000/s, corpus 42, features 321, states 99, findings 2, known 1, last "
            "new feature 3 s ago; workers: 2 running");
  EXPECT_EQ(WorkerLine(1, state.workers[1]), "worker 1 afl       running, 2,000 executions, 20/s, died 2 times");
}

}  // namespace
}  // namespace rqfuzz
