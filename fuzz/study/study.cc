#include "fuzz/study/study.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/check.h"

namespace rqfuzz {
namespace {

std::string CellText(const nlohmann::ordered_json& cell) {
  if (cell.is_null()) return "-";
  if (cell.is_string()) return cell.get<std::string>();
  if (cell.is_number_integer()) return absl::StrCat(cell.get<std::int64_t>());
  const double value = cell.get<double>();
  if (value == 0 || std::abs(value) >= 100) return absl::StrFormat("%.0f", value);
  return absl::StrFormat("%.*f", std::abs(value) >= 10 ? 1 : 2, value);
}

}  // namespace

std::string StudyText(const StudyResult& result) {
  std::string text = result.conditions + "\n";
  for (const StudyTable& table : result.tables) {
    std::vector<std::vector<std::string>> lines = {table.columns};
    for (const auto& row : table.rows) {
      RQFUZZ_CHECK(row.size() == table.columns.size());
      lines.emplace_back();
      for (const auto& cell : row) lines.back().push_back(CellText(cell));
    }
    std::vector<std::size_t> widths(table.columns.size());
    for (const auto& line : lines) {
      for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
    }
    absl::StrAppend(&text, "\n", table.title, "\n");
    for (const auto& line : lines) {
      std::string row;
      for (std::size_t i = 0; i < line.size(); ++i) {
        const std::string gap(widths[i] - line[i].size(), ' ');
        absl::StrAppend(&row, "  ", i == 0 ? absl::StrCat(line[i], gap) : absl::StrCat(gap, line[i]));
      }
      absl::StrAppend(&text, row, "\n");
    }
  }
  return text;
}

nlohmann::ordered_json StudyJson(const StudyResult& result) {
  nlohmann::ordered_json tables = nlohmann::ordered_json::array();
  for (const StudyTable& table : result.tables) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) {
      nlohmann::ordered_json object;
      for (std::size_t i = 0; i < table.columns.size(); ++i) object[table.columns[i]] = row[i];
      rows.push_back(object);
    }
    tables.push_back({{"title", table.title}, {"rows", rows}});
  }
  return {{"study", result.name}, {"conditions", result.conditions}, {"tables", tables}};
}

double Quantile(std::vector<double> values, double share) {
  RQFUZZ_CHECK(!values.empty() && share >= 0 && share <= 1);
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
  return values[index];
}

}  // namespace rqfuzz
