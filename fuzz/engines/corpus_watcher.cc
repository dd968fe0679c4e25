#include "fuzz/engines/corpus_watcher.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "fuzz/engines/afl_finds.h"
#include "fuzz/engines/coverage_meter.h"
#include "fuzz/engines/file_io.h"

namespace rqfuzz {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(500);

class CorpusWatcher {
 public:
  explicit CorpusWatcher(const WatcherTask& task)
      : plan_(*task.plan),
        stats_(*task.stats),
        afl_(plan_.folders.afl, plan_.name, plan_.folders.corpus, plan_.folders.crashes) {}

  void Look() {
    // What cannot be copied now is tried again.
    if (const absl::StatusOr<unsigned> crashes = afl_.Collect(); crashes.ok()) stats_.AddCrashes(*crashes);
    const absl::StatusOr<std::vector<std::string>> names = ListFiles(plan_.folders.corpus);
    if (!names.ok()) return;
    for (const std::string& name : *names) {
      if (seen_.insert(name).second) Measure(absl::StrCat(plan_.folders.corpus, "/", name));
    }
    stats_.SetCorpus(names->size(), meter_.features(), meter_.states());
  }

 private:
  void Measure(const std::string& path) {
    const absl::StatusOr<std::string> bytes = ReadFile(path);
    // Engines may take a file away again.
    if (!bytes.ok()) return;
    meter_.Add({.bytes = {reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()},
                .choice = &plan_.choice,
                .requested = plan_.requested});
  }

  const CampaignPlan& plan_;
  CampaignStats& stats_;
  AflFinds afl_;
  CoverageMeter meter_;
  absl::flat_hash_set<std::string> seen_;
};

}  // namespace

void RunCorpusWatcher(const WatcherTask& task) {
  CorpusWatcher watcher(task);
  for (;;) {
    watcher.Look();
    std::this_thread::sleep_for(kInterval);
  }
}

}  // namespace rqfuzz
