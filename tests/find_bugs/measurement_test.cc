#include "tests/find_bugs/measurement.h"

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

Measurement Example() {
  return {.bug = {.name = "x", .is_real = true, .lock_type = &UnbrokenLock().generic},
          .strategy = "sparse",
          .seeds = {FirstFinding{30, 0.3}, FirstFinding{10, 0.1}, FirstFinding{20, 0.2}}};
}

TEST(MeasurementTest, MedianAndWorst) {
  const Measurement measurement = Example();
  EXPECT_EQ(measurement.Found(), 3u);
  EXPECT_EQ(measurement.MedianExecutions(), 20u);
  EXPECT_EQ(measurement.WorstExecutions(), 30u);
  EXPECT_EQ(measurement.MedianSeconds(), 0.2);
  EXPECT_EQ(measurement.WorstSeconds(), 0.3);
}

TEST(MeasurementTest, ASeedThatFoundNothingIsTheWorst) {
  Measurement measurement = Example();
  measurement.seeds[1] = std::nullopt;
  EXPECT_EQ(measurement.Found(), 2u);
  EXPECT_EQ(measurement.MedianExecutions(), 30u);
  EXPECT_EQ(measurement.WorstExecutions(), std::nullopt);
  measurement.seeds[0] = std::nullopt;
  EXPECT_EQ(measurement.MedianSeconds(), std::nullopt);
}

TEST(MeasurementTest, Json) {
  Measurement measurement = Example();
  measurement.seeds[1] = std::nullopt;
  EXPECT_EQ(JsonOf({measurement}).dump(),
            R"({"bugs":[{"name":"x","kind":"real","revision":"linux-7.2","strategy":"sparse","seeds":3,"found":2,)"
            R"("seconds":{"median":0.3,"worst":null},"executions":{"median":30,"worst":null}}]})");
}

TEST(MeasurementTest, TableShowsADashForWhatWasNotFound) {
  Measurement measurement = Example();
  measurement.seeds[1] = std::nullopt;
  const std::string row = TableRow(measurement);
  EXPECT_NE(row.find("2/3"), std::string::npos) << row;
  EXPECT_NE(row.find("0.300          -"), std::string::npos) << row;
}

}  // namespace
}  // namespace rqfuzz
