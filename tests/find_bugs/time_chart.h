// The measurements of `rqfuzz bench find-bugs` as a chart.
#ifndef TESTS_FIND_BUGS_TIME_CHART_H_
#define TESTS_FIND_BUGS_TIME_CHART_H_

#include <vector>

#include "fuzz/report/plot.h"
#include "tests/find_bugs/measurement.h"

namespace rqfuzz {

// The median time to each bug, a bar for each strategy. `limit_s`: after which a hunt ended. Measurements of one bug
// follow each other, with the same strategies in the same order for each.
BarChart TimeChartOf(const std::vector<Measurement>& measurements, double limit_s);

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_TIME_CHART_H_
