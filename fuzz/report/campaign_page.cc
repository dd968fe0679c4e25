#include "fuzz/report/campaign_page.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/progress.h"
#include "fuzz/engines/progress_journal.h"
#include "fuzz/report/corpus_survey.h"
#include "fuzz/report/page_files.h"
#include "fuzz/report/plot.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

constexpr std::size_t kPlayedMax = 200;  // files of the corpus: a page must not cost a second of a campaign

template <typename Number>
PlotLine LineOf(const std::vector<ProgressState>& states, Number ProgressState::*number, std::string name) {
  PlotLine line{.name = std::move(name), .points = {}};
  for (const ProgressState& state : states) {
    line.points.push_back({state.seconds, static_cast<double>(state.*number)});
  }
  return line;
}

std::string Summary(const std::vector<ProgressState>& states) {
  if (states.empty()) return "<p id=\"summary\">Nothing is recorded yet.</p>";
  const ProgressState& last = states.back();
  const auto whole = [](double seconds) { return WithThousands(static_cast<std::uint64_t>(std::max(0.0, seconds))); };
  return absl::StrFormat(
      "<p id=\"summary\">After %s s of %s: %s executions, %s a second; corpus %s files; %s findings, %s known.</p>",
      whole(last.seconds), whole(last.seconds_total), WithThousands(last.executions),
      WithThousands(last.executions_per_second), WithThousands(last.corpus_files), WithThousands(last.findings),
      WithThousands(last.known));
}

// Names of what stands in a folder, sorted; folders as well as files.
std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Findings(const std::string& folder) {
  std::string items;
  for (const std::string& name : NamesIn(folder + "/findings")) {
    if (name.starts_with('.')) continue;
    const bool has_report = std::filesystem::exists(absl::StrCat(folder, "/findings/", name, "/report.txt"));
    absl::StrAppend(&items, "<li><a href=\"findings/", EscapeHtml(name), has_report ? "/report.txt" : "", "\">",
                    EscapeHtml(name), "</a></li>\n");
  }
  return items.empty() ? "<p>none</p>" : absl::StrCat("<ul>\n", items, "</ul>");
}

// From each state to each other, darker the more often.
std::string StateMap(const CorpusSurvey& survey) {
  std::uint64_t most = 1;
  for (const auto& row : survey.transitions) most = std::max(most, *std::max_element(row.begin(), row.end()));
  std::string table = "<table class=\"map\"><tr><th>from \\ to</th>";
  for (unsigned to = 0; to < kWordStates; ++to) absl::StrAppend(&table, "<th>", WordStateName(to), "</th>");
  table += "</tr>\n";
  for (unsigned from = 0; from < kWordStates; ++from) {
    absl::StrAppend(&table, "<tr><th>", WordStateName(from), "</th>");
    for (unsigned to = 0; to < kWordStates; ++to) {
      const std::uint64_t count = survey.transitions[from][to];
      const double share = std::min(1.0, std::sqrt(static_cast<double>(count) / static_cast<double>(most)));
      absl::StrAppendFormat(&table, "<td style=\"--share: %.2f\">%s</td>", share,
                            count == 0 ? "" : WithThousands(count));
    }
    table += "</tr>\n";
  }
  table += "<tr><th>entered</th>";
  for (unsigned to = 0; to < kWordStates; ++to) {
    absl::StrAppend(&table, "<td>", survey.entered[to] == 0 ? "never" : WithThousands(survey.entered[to]), "</td>");
  }
  return table + "</tr></table>";
}

std::string Injectors(const CorpusSurvey& survey) {
  BarChart chart{
      .title = "Injectors in the corpus", .value_label = "faults", .absent = "0", .series = {"faults"}, .groups = {}};
  for (unsigned kind = 0; kind < kFaultKinds; ++kind) {
    chart.groups.push_back(
        {std::string(FaultWord(static_cast<FaultKind>(kind))), {static_cast<double>(survey.faults[kind])}});
  }
  return BarChartSvg(chart);
}

}  // namespace

std::string CampaignPage(const std::string& folder) {
  const std::vector<ProgressState> states = ProgressJournal::In(folder).Read();
  const CorpusSurvey survey = SurveyCorpus(folder + "/corpus", kPlayedMax);
  const std::string plots = absl::StrCat(
      LineChartSvg({.title = "Executions",
                    .x_label = "time (s)",
                    .y_label = "executions",
                    .lines = {LineOf(states, &ProgressState::executions, "executions")}}),
      LineChartSvg({.title = "Coverage of the corpus",
                    .x_label = "time (s)",
                    .y_label = "number",
                    .lines = {LineOf(states, &ProgressState::features, "features: places of code by how often"),
                              LineOf(states, &ProgressState::states, "states of the lock")}}),
      LineChartSvg({.title = "Corpus",
                    .x_label = "time (s)",
                    .y_label = "files",
                    .lines = {LineOf(states, &ProgressState::corpus_files, "files in the corpus")}}),
      LineChartSvg({.title = "Findings",
                    .x_label = "time (s)",
                    .y_label = "number",
                    .lines = {LineOf(states, &ProgressState::findings, "findings")}}));
  return absl::StrReplaceAll(
      std::string(kPage_campaign_html),
      {{"@CSS@", std::string(kPage_campaign_css)},
       {"@SUMMARY@", Summary(states)},
       {"@PLOTS@", plots},
       {"@FINDINGS@", Findings(folder)},
       {"@PLAYED@", absl::StrFormat("%d of %d files of the corpus", survey.played, survey.files)},
       {"@STATES@", StateMap(survey)},
       {"@INJECTORS@", Injectors(survey)}});
}

absl::Status WriteCampaignPage(const std::string& folder) {
  return WriteFile(folder + "/index.html", CampaignPage(folder));
}

}  // namespace rqfuzz
