#include "fuzz/cli/campaign_command.h"

#include <cstdint>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/engines/campaign.h"
#include "fuzz/engines/campaign_record.h"

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
    options = *std::move(resumed);
  } else if (seconds.has_value()) {
    options.seconds = *seconds;
  }
  return RunCampaign(options);
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
  command->callback([=, &status] { status = Run(*options, *resume, *seconds); });
}

}  // namespace rqfuzz
