#include "fuzz/cli/campaign_command.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "fuzz/engines/campaign.h"
#include "fuzz/engines/campaign_record.h"
#include "fuzz/report/campaign_page.h"
#include "fuzz/report/explain.h"

namespace rqfuzz {
namespace {

ExitStatus Run(CampaignOptions options, const std::string& resume, std::optional<std::uint64_t> seconds) {
  if (!resume.empty()) {
    absl::StatusOr<CampaignOptions> resumed = OptionsOf(resume, seconds);
    if (!resumed.ok()) {
      std::fprintf(stderr, "%s\n", std::string(resumed.status().message()).c_str());
      return kBadInput;
    }
    resumed->seed = options.seed;
    resumed->json = options.json;
    resumed->command = options.command;
    resumed->explain = options.explain;
    options = *std::move(resumed);
  } else if (seconds.has_value()) {
    options.seconds = *seconds;
  }
  options.on_record = [out = options.out] {
    // A page that cannot be written is no reason to end a campaign; the next line is another chance.
    if (const absl::Status written = WriteCampaignPage(out); !written.ok()) {
      std::fprintf(stderr, "%s\n", std::string(written.message()).c_str());
    }
  };
  return RunCampaign(options);
}

// A word of a command line as a shell reads it.
std::string Quoted(const std::string& word) {
  const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::strchr("-_./:=,+@%", c) != nullptr;
  });
  return is_plain ? word : absl::StrFormat("'%s'", absl::StrReplaceAll(word, {{"'", "'\\''"}}));
}

// The command with the options that were given.
std::string CommandLineOf(const CLI::App& command) {
  std::string line = absl::StrFormat("rqfuzz %s", command.get_name());
  for (const CLI::Option* option : command.get_options()) {
    if (option->empty()) continue;
    absl::StrAppend(&line, " ", option->get_name());
    if (option->get_expected_max() == 0) continue;  // a flag
    for (const std::string& value : option->results()) absl::StrAppend(&line, " ", Quoted(value));
  }
  return line;
}

}  // namespace

void AddCampaignCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("campaign", "Look for findings in one lock and revision");
  const auto options = std::make_shared<CampaignOptions>();
  const auto resume = std::make_shared<std::string>();
  const auto seconds = std::make_shared<std::optional<std::uint64_t>>();
  command->add_option("--lock", options->lock, "Lock to test (default: rqspinlock)");
  command->add_option("--revision", options->revision, "Revision to test (default: the newest)");
  command->add_option("--engine", options->engine, "libfuzzer, afl or both, which takes turns")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kEngineChoices), std::end(kEngineChoices))))
      ->capture_default_str();
  command->add_option("--seconds", *seconds, "How long to look (default: 60; with --resume: what is left)")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--jobs", options->jobs, "Worker processes (default: one for each core)")
      ->check(CLI::Range(1, 256));
  command->add_option("--corpus", options->corpus, "Folder of scenarios to start from; only read");
  command->add_option("--out", options->out, "Folder for findings, corpus, crashes and logs; its parent must exist")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Number that random choices follow from (default: a new one)");
  command->add_option("--json", options->json, "File to write the result to");
  command->add_option("--with", options->with,
                      "Also do what no lock need bear, e.g. misuse,spurious-failure,corruption");
  command->add_flag("--strict", options->strict, "Count what corpus/discoveries/ explains as findings, too");
  command->add_option("--resume", *resume, "Go on with the campaign in this folder, with its options")
      ->excludes("--lock", "--revision", "--engine", "--jobs", "--corpus", "--out", "--strict", "--with");
  command->footer(
      "Ctrl-C ends it early; nothing is lost. The same --out goes on where the last campaign ended, with whatever\n"
      "options are given now; --resume takes those that it was started with.\n"
      "\n"
      "Example: rqfuzz campaign --revision linux-6.17 --seconds 60 --jobs 1 --seed 1");
  command->callback([=, &status] {
    options->command = CommandLineOf(*command);
    options->explain = &ExplainScenario;
    status = Run(*options, *resume, *seconds);
  });
}

}  // namespace rqfuzz
