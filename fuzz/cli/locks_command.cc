#include "fuzz/cli/locks_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lock/lock_type.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

// Rows of the registry that differ in their build alone.
struct Listed {
  const locks::LockType* type = nullptr;
  std::vector<std::string> builds;
};

std::vector<Listed> ListLocks() {
  std::vector<Listed> all;
  for (const locks::LockType& type : locks::AllLockTypes()) {
    if (all.empty() || all.back().type->name != type.name || all.back().type->revision != type.revision) {
      all.push_back({.type = &type, .builds = {}});
    }
    all.back().builds.emplace_back(type.build);
  }
  return all;
}

Json JsonOf(const locks::Contract& contract) {
  return {{"may_fail", contract.may_fail},
          {"detects_aa", contract.detects_aa},
          {"detects_abba", contract.detects_abba},
          {"fifo", contract.fifo},
          {"usable_in_nmi", contract.usable_in_nmi},
          {"recovers_after_timeout", contract.recovers_after_timeout},
          {"pending_limit_ns", contract.pending_limit_ns},
          {"head_limit_ns", contract.head_limit_ns},
          {"test_and_set_limit_ns", contract.test_and_set_limit_ns},
          {"trylock_limit_ns", contract.trylock_limit_ns},
          {"check_interval_ns", contract.check_interval_ns},
          {"held_locks_max", contract.held_locks_max},
          {"spin_budget", contract.spin_budget}};
}

Json JsonOf(const Listed& listed) {
  Json switches = Json::array();
  for (const locks::SwitchSetting& setting : listed.type->switches) {
    switches.push_back({{"name", setting.name}, {"value", setting.value}, {"commit", setting.commit}});
  }
  return {{"lock", listed.type->name},
          {"revision", listed.type->revision},
          {"builds", listed.builds},
          {"contract", JsonOf(*listed.type->contract)},
          {"switches", std::move(switches)}};
}

std::string Milliseconds(std::uint64_t duration_ns) {
  return duration_ns == 0 ? "none" : absl::StrFormat("%d ms", duration_ns / 1'000'000);
}

void Print(const Listed& listed) {
  const locks::LockType& type = *listed.type;
  const locks::Contract& contract = *type.contract;
  const auto yes_no = [](bool value) { return value ? "yes" : "no"; };
  absl::PrintF("%s%s%s  (builds: %s)\n", type.name, type.revision.empty() ? "" : " ", type.revision,
               absl::StrJoin(listed.builds, ", "));
  absl::PrintF("  may fail: %s, detects AA: %s, ABBA: %s, first come first served: %s, usable in NMI: %s, "
               "recovers after a timeout: %s\n",
               yes_no(contract.may_fail), yes_no(contract.detects_aa), yes_no(contract.detects_abba),
               yes_no(contract.fifo), yes_no(contract.usable_in_nmi), yes_no(contract.recovers_after_timeout));
  absl::PrintF("  limits: pending waiter %s, queue head %s, test-and-set %s, trylock %s\n",
               Milliseconds(contract.pending_limit_ns), Milliseconds(contract.head_limit_ns),
               Milliseconds(contract.test_and_set_limit_ns), Milliseconds(contract.trylock_limit_ns));
  for (const locks::SwitchSetting& setting : type.switches) {
    absl::PrintF("    %-42s  %-50s  %s\n", setting.name, setting.value, setting.commit);
  }
}

ExitStatus PrintLocks(bool json) {
  Json all = Json::array();
  for (const Listed& listed : ListLocks()) {
    if (json) {
      all.push_back(JsonOf(listed));
    } else {
      Print(listed);
    }
  }
  if (json) absl::PrintF("%s\n", all.dump(2));
  return kNothingFound;
}

}  // namespace

void AddLocksCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("locks", "List the locks: revisions, builds, promises and switches");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print a JSON array, one object for each lock and revision");
  command->footer(
      "Under each revision stand the switches in which revisions differ, with the upstream commits that changed "
      "them.\n"
      "\n"
      "Example: rqfuzz locks");
  command->callback([json, &status] { status = PrintLocks(*json); });
}

}  // namespace rqfuzz
