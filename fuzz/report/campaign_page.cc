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
#include "fuzz/report/ranked_findings.h"
#include "fuzz/report/why.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

constexpr std::size_t kPlayedMax = 200;  // files of the corpus: a page must not cost a second of a campaign
constexpr double kPlotWidth = 480;       // legible on a phone, and two beside each other on a screen

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
  // What the last moments were like says nothing of a campaign that has ended.
  const double a_second = last.seconds > 0 ? static_cast<double>(last.executions) / last.seconds : 0;
  return absl::StrFormat(
      "<p id=\"summary\">After %s s of %s: %s executions, %s a second on average; corpus %s files; %s findings, not "
      "counting %s that are known.</p>",
      whole(last.seconds), whole(last.seconds_total), WithThousands(last.executions), whole(a_second),
      WithThousands(last.corpus_files), WithThousands(last.findings), WithThousands(last.known));
}

// "1 CPU, 4 operations, 1 fault; found after 0.1 s and 146 executions".
std::string SizeAndTime(const Finding& finding) {
  const ScenarioSize size = SizeOf(finding.scenario);
  const auto some = [](unsigned count, std::string_view what) {
    return absl::StrFormat("%d %s%s", count, what, count == 1 ? "" : "s");
  };
  return absl::StrFormat("%s, %s, %s%s; found after %.1f s and %s executions", some(size.cpus, "CPU"),
                         some(size.operations, "operation"), some(size.faults, "fault"),
                         finding.minimized ? "" : " (not minimised yet)", finding.seconds,
                         WithThousands(finding.executions));
}

// What matters most first, as `rqfuzz findings` lists them, below the promise that each has broken.
std::string Findings(const std::string& folder) {
  const absl::StatusOr<std::vector<RankedFinding>> findings = RankedFindingsOf(folder);
  // Another process may be in the middle of writing one: the next page has it.
  if (!findings.ok()) return absl::StrCat("<p>", EscapeHtml(std::string(findings.status().message())), "</p>");
  if (findings->empty()) return "<p>none</p>";
  std::string items;
  for (const RankedFinding& ranked : *findings) {
    const Finding& finding = ranked.finding;
    const std::string name = std::filesystem::path(ranked.path).parent_path().filename().string();
    const Promise* const promise = PromiseOf({.kind = VerdictKind::kFinding, .oracle = finding.oracle});
    absl::StrAppend(&items, "<li><a href=\"findings/", EscapeHtml(name), "/report.txt\">",
                    EscapeHtml(absl::StrCat(finding.oracle, " ", finding.cause)), "</a> <b>",
                    ranked.bug.empty() ? "new" : EscapeHtml(ranked.bug), "</b><br>",
                    promise == nullptr ? "" : absl::StrCat(EscapeHtml(promise->title), "<br>"),
                    "<span class=\"soft\">", SizeAndTime(finding), "</span></li>\n");
  }
  return absl::StrCat("<ol>\n", items, "</ol>");
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
  BarChart chart{.title = "Injectors in the corpus",
                 .value_label = "faults",
                 .absent = "0",
                 .series = {"faults"},
                 .groups = {},
                 .width = kPlotWidth};
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
  const std::string plots =
      absl::StrCat(LineChartSvg({.title = "Executions",
                                 .x_label = "time (s)",
                                 .y_label = "executions",
                                 .lines = {LineOf(states, &ProgressState::executions, "executions")},
                                 .width = kPlotWidth}),
                   LineChartSvg({.title = "Coverage of the corpus",
                                 .x_label = "time (s)",
                                 .y_label = "number",
                                 .lines = {LineOf(states, &ProgressState::features, "features: places of code by how often"),
                                           LineOf(states, &ProgressState::states, "states of the lock")},
                                 .width = kPlotWidth}),
                   LineChartSvg({.title = "Corpus",
                                 .x_label = "time (s)",
                                 .y_label = "files",
                                 .lines = {LineOf(states, &ProgressState::corpus_files, "files in the corpus")},
                                 .width = kPlotWidth}),
                   LineChartSvg({.title = "Findings",
                                 .x_label = "time (s)",
                                 .y_label = "number",
                                 .lines = {LineOf(states, &ProgressState::findings, "findings")},
                                 .width = kPlotWidth}));
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
