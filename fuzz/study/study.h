// An experiment that answers a question about the lock: tables, a chart, and nothing that is not measured.
#ifndef FUZZ_STUDY_STUDY_H_
#define FUZZ_STUDY_STUDY_H_

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace rqfuzz {

// Cells are numbers or text; a null is a dash.
struct StudyTable {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<nlohmann::ordered_json>> rows;
};

struct StudyResult {
  std::string name;
  std::string conditions;  // of the measurement, in a sentence or two
  std::vector<StudyTable> tables;
  std::string svg;
};

// For people: conditions, then the tables with aligned columns.
std::string StudyText(const StudyResult& result);
// {"study", "conditions", "tables": [{"title", "rows": [{COLUMN: CELL, ...}]}]}
nlohmann::ordered_json StudyJson(const StudyResult& result);

// The element at `share` (0 to 1) of the values in rising order. REQUIRES: there is one.
double Quantile(std::vector<double> values, double share);

}  // namespace rqfuzz

#endif  // FUZZ_STUDY_STUDY_H_
