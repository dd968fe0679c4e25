#include "fuzz/engines/corpus_watcher.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "fuzz/engines/coverage_meter.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(500);

class CorpusWatcher {
 public:
  explicit CorpusWatcher(const WatcherTask& task) : task_(task) {}

  void Look() {
    const absl::StatusOr<std::vector<std::string>> names = ListFiles(task_.corpus);
    if (!names.ok()) return;
    for (const std::string& name : *names) {
      if (seen_.insert(name).second) Measure(absl::StrCat(task_.corpus, "/", name));
    }
    task_.stats->SetCorpus(names->size(), meter_.features(), meter_.states());
  }

 private:
  void Measure(const std::string& path) {
    const absl::StatusOr<std::string> bytes = ReadFile(path);
    // Engines may take a file away again.
    if (!bytes.ok()) return;
    Scenario scenario;
    Decode({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()}, scenario);
    task_.choice->ApplyTo(scenario);
    meter_.Add(scenario);
  }

  const WatcherTask& task_;
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
