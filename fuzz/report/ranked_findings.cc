#include "fuzz/report/ranked_findings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <tuple>

#include "absl/strings/str_format.h"
#include "fuzz/engines/progress.h"
#include "fuzz/oracles/judge.h"

namespace rqfuzz {
namespace {

std::size_t GravityOf(const Finding& finding) {
  const auto names = OracleNames();
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), finding.oracle) - names.begin());
}

auto RankOf(const RankedFinding& ranked) {
  const ScenarioSize size = SizeOf(ranked.finding.scenario);
  return std::tuple(!ranked.bug.empty(), GravityOf(ranked.finding), size.cpus + size.operations + size.faults,
                    ranked.path);
}

using Row = std::array<std::string, 6>;

Row RowOf(std::size_t rank, const RankedFinding& ranked) {
  const Finding& finding = ranked.finding;
  const ScenarioSize size = SizeOf(finding.scenario);
  const locks::LockType& type = *finding.scenario.lock_type;
  return {absl::StrFormat("%d", rank),
          absl::StrFormat("%s %s", finding.oracle, finding.cause),
          std::string(type.revision.empty() ? type.name : type.revision),
          absl::StrFormat("%d/%d/%d%s", size.cpus, size.operations, size.faults, finding.minimized ? "" : "+"),
          WithThousands(finding.executions),
          ranked.bug.empty() ? "new" : ranked.bug};
}

}  // namespace

ScenarioSize SizeOf(const Scenario& scenario) {
  ScenarioSize size{.cpus = scenario.cpu_count, .operations = 0, .faults = 0};
  for (const Program& program : scenario.programs) size.operations += static_cast<unsigned>(program.size());
  size.faults = static_cast<unsigned>(scenario.faults.size());
  return size;
}

std::vector<RankedFinding> Ranked(std::vector<Finding> findings, const FindingStore& store,
                                  const KnownCauses& upstream, const KnownCauses& discoveries) {
  std::vector<RankedFinding> ranked;
  for (Finding& finding : findings) {
    const locks::LockType& type = *finding.scenario.lock_type;
    std::string bug = upstream.NameOf(type, finding.oracle, finding.cause);
    if (bug.empty()) bug = discoveries.NameOf(type, finding.oracle, finding.cause);
    std::string path = store.PathOf(finding);
    ranked.push_back({std::move(finding), std::move(path), std::move(bug)});
  }
  std::sort(ranked.begin(), ranked.end(),
            [](const RankedFinding& a, const RankedFinding& b) { return RankOf(a) < RankOf(b); });
  return ranked;
}

absl::StatusOr<std::vector<RankedFinding>> RankedFindingsOf(const std::string& campaign) {
  const std::string folder = campaign + "/findings";
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: no folder findings/ in it; name the folder that a campaign was given with --out", campaign));
  }
  const FindingStore store(folder);
  absl::StatusOr<std::vector<Finding>> findings = store.LoadAll();
  if (!findings.ok()) return findings.status();
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  if (!upstream.ok()) return upstream.status();
  const absl::StatusOr<KnownCauses> discoveries = KnownCauses::Load();
  if (!discoveries.ok()) return discoveries.status();
  return Ranked(*std::move(findings), store, *upstream, *discoveries);
}

std::string FindingsTable(std::span<const RankedFinding> findings) {
  if (findings.empty()) return "no findings\n";
  std::vector<Row> rows = {{"", "promise and cause", "revision", "size", "executions", "known as"}};
  for (std::size_t i = 0; i < findings.size(); ++i) rows.push_back(RowOf(i + 1, findings[i]));
  std::array<int, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], static_cast<int>(row[i].size()));
  }
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    absl::StrAppendFormat(&text, "%*s  %-*s  %-*s  %*s  %*s  %s\n", widths[0], row[0], widths[1], row[1], widths[2],
                          row[2], widths[3], row[3], widths[4], row[4], row[5]);
    if (i > 0) absl::StrAppendFormat(&text, "%*s  %s\n", widths[0], "", findings[i - 1].path);
  }
  return text;
}

}  // namespace rqfuzz
