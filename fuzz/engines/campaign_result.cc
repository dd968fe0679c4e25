#include "fuzz/engines/campaign_result.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "fuzz/engines/json_fields.h"
#include "fuzz/engines/progress.h"

namespace rqfuzz {
namespace {

std::string FindingsText(const CampaignResult& result) {
  if (result.findings.empty()) return "nothing found\n";
  std::string text =
      absl::StrFormat("%d %s:\n", result.findings.size(), result.findings.size() == 1 ? "finding" : "findings");
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    const Finding& finding = result.findings[i];
    text += absl::StrFormat("\n  %s %s%s\n    %s\n", finding.oracle, finding.cause,
                            result.bugs[i].empty() ? "" : absl::StrFormat(" (%s)", result.bugs[i]), finding.message);
    text += absl::StrFormat("    found after %s executions, %.1f s%s\n", WithThousands(finding.executions),
                            finding.seconds, finding.minimized ? "" : "; not yet minimised");
    text += absl::StrFormat("    rqfuzz replay --trace %s\n", result.files[i]);
  }
  return text;
}

}  // namespace

std::string SummaryOf(const CampaignResult& result) {
  const double rate = result.seconds > 0 ? static_cast<double>(result.executions) / result.seconds : 0;
  std::string text = absl::StrFormat(
      "%s: %s executions in %.1f s (%s/s), %d %s, seed %d%s\n", result.lock, WithThousands(result.executions),
      result.seconds, WithThousands(static_cast<std::uint64_t>(rate)), result.jobs,
      result.jobs == 1 ? "worker" : "workers", result.seed, result.interrupted ? ", interrupted" : "");
  text += FindingsText(result);
  for (const KnownCause& known : result.known) {
    text += absl::StrFormat("known: %s %s: %s\n", known.oracle, known.cause, known.file);
  }
  for (const std::string& failure : result.failures) text += absl::StrFormat("warning: %s\n", failure);
  return text;
}

std::string JsonOf(const CampaignResult& result) {
  using Json = nlohmann::ordered_json;
  Json findings = Json::array();
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    const Finding& finding = result.findings[i];
    findings.push_back({{"oracle", finding.oracle},
                        {"cause", finding.cause},
                        {"file", result.files[i]},
                        {"executions", finding.executions},
                        {"seconds", RoundedSeconds(finding.seconds)}});
  }
  Json known = Json::array();
  for (const KnownCause& cause : result.known) {
    known.push_back({{"oracle", cause.oracle}, {"cause", cause.cause}, {"file", cause.file}});
  }
  const Json json = {{"executions", result.executions},
                     {"seconds", RoundedSeconds(result.seconds)},
                     {"findings", std::move(findings)},
                     {"known", std::move(known)}};
  // File names may be any bytes.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rqfuzz
