#include "fuzz/report/sarif.h"

#include <set>

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

Json ResultOf(const RankedFinding& ranked) {
  const Finding& finding = ranked.finding;
  const locks::LockType& type = *finding.scenario.lock_type;
  const std::string name = ranked.bug.empty() ? "" : absl::StrFormat(" Known as %s.", ranked.bug);
  const Json location = {
      {"physicalLocation", {{"artifactLocation", {{"uri", ranked.path}}}, {"region", {{"startLine", 1}}}}}};
  const std::string identity =
      absl::StrFormat("%s/%s/%s/%s", type.name, type.revision, finding.oracle, finding.cause);
  return {{"ruleId", finding.oracle},
          {"level", "error"},
          {"message",
           {{"text",
             absl::StrFormat("%s %s: %s: %s%s", type.name, type.revision, finding.cause, finding.message, name)}}},
          {"locations", Json::array({location})},
          {"partialFingerprints", {{"finding/v1", identity}}}};
}

}  // namespace

std::string SarifOf(std::span<const RankedFinding> findings) {
  std::set<std::string> oracles;
  Json results = Json::array();
  for (const RankedFinding& ranked : findings) {
    oracles.insert(ranked.finding.oracle);
    results.push_back(ResultOf(ranked));
  }
  Json rules = Json::array();
  for (const std::string& oracle : oracles) {
    rules.push_back(
        {{"id", oracle}, {"shortDescription", {{"text", absl::StrFormat("The promise \"%s\" was broken", oracle)}}}});
  }
  const Json run = {{"tool", {{"driver", {{"name", "rqfuzz"}, {"rules", std::move(rules)}}}}},
                    {"results", std::move(results)}};
  const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({run})}};
  // File names may be any bytes.
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rqfuzz
