#include "fuzz/cli/campaign_command.h"

#include <memory>

#include "fuzz/engines/campaign.h"

namespace rqfuzz {

void AddCampaignCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("campaign", "Look for findings in one lock and revision");
  const auto options = std::make_shared<CampaignOptions>();
  command->add_option("--lock", options->lock, "Lock to test (default: rqspinlock)");
  command->add_option("--revision", options->revision, "Revision to test (default: the newest)");
  command->add_option("--seconds", options->seconds, "How long to look")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
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
  command->footer(
      "Ctrl-C ends it early; nothing is lost. The same --out goes on where the last campaign ended.\n"
      "\n"
      "Example: rqfuzz campaign --revision linux-6.17 --seconds 60 --jobs 1 --seed 1");
  command->callback([options, &status] { status = RunCampaign(*options); });
}

}  // namespace rqfuzz
