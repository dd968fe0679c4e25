#include "fuzz/engines/worker.h"

#include <cstdlib>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/engines/campaign_sink.h"
#include "fuzz/engines/fuzz_target.h"

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*test_one_input)(const std::uint8_t* data, std::size_t size));

namespace rqfuzz {

void RunWorker(const WorkerTask& task) {
  static CampaignSink sink(*task.stats, task.index, *task.store, *task.known);
  SetCampaignTarget(*task.choice, task.requested, &sink);
  std::vector<std::string> arguments = {
      "rqfuzz",
      absl::StrFormat("-seed=%d", task.fuzzer_seed),
      absl::StrFormat("-reload=%d", task.shares_corpus ? 1 : 0),
      absl::StrFormat("-artifact_prefix=%s/", task.crashes),
      absl::StrFormat("-timeout=%d", kExecutionLimit_s),
      "-entropic=0",
      "-max_len=4096",
      "-len_control=0",
      "-print_final_stats=0",
      "-use_value_profile=0",
      "-handle_int=0",  // the campaign decides what ends its workers
      "-handle_term=0",
      task.corpus,
  };
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(arguments.size());
  char** argv_data = argv.data();
  std::exit(LLVMFuzzerRunDriver(&argc, &argv_data, LLVMFuzzerTestOneInput));
}

}  // namespace rqfuzz
