// Campaigns from outside: with AFL++, killed at any moment, resumed, on a full disk, and the stock target's own ways
// of working.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "fuzz/engines/progress_journal.h"
#include "fuzz/engines/seed_import.h"
#include "fuzz/scenario/random.h"
#include "tests/random_inputs.h"

namespace rqfuzz {
namespace {

namespace fs = std::filesystem;

constexpr auto kPoll = std::chrono::milliseconds(20);

class CampaignTest : public ::testing::Test {
 protected:
  struct Outcome {
    int status = -1;
    std::string output;
  };

  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = ::testing::TempDir() + "campaign_test_" + std::to_string(getpid()) + "_" + test->name();
    fs::remove_all(folder_);
    ASSERT_TRUE(fs::create_directory(folder_));
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  // Starts a command line in the test's folder, where the programs of the build are $BUILD/....
  pid_t Start(const std::string& command) const {
    const pid_t child = fork();
    if (child == 0) {
      setenv("BUILD", fs::path(RQFUZZ_BINARY).parent_path().c_str(), 1);
      const std::string line = command + " >output 2>&1";
      if (chdir(folder_.c_str()) == 0) execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
    return child;
  }
  Outcome Finish(pid_t child) const {
    int wait_status = 0;
    EXPECT_EQ(waitpid(child, &wait_status, 0), child);
    return {WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1, Content(Path("output"))};
  }
  Outcome Run(const std::string& command) const { return Finish(Start(command)); }

  // Names and sizes of the files in a folder, temporary ones left out.
  std::map<std::string, std::uintmax_t> FilesIn(const std::string& name) const {
    std::map<std::string, std::uintmax_t> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(Path(name), error)) {
      const std::string file = entry.path().filename().string();
      if (!file.starts_with(".")) files[file] = fs::file_size(entry.path(), error);
    }
    return files;
  }

  static std::string Content(const fs::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
  }

  static bool HasAfl() {
    return std::system("command -v afl-fuzz >/dev/null") == 0 &&
           fs::exists(fs::path(RQFUZZ_BINARY).parent_path() / "rqspinlock_fuzzer_afl");
  }

  std::string folder_;
};

TEST_F(CampaignTest, BothEnginesShareCorpusAndFindings) {
  if (!HasAfl()) GTEST_SKIP() << "this build has no target for AFL++";
  const Outcome outcome =
      Run("$BUILD/rqfuzz campaign --engine both --jobs 2 --revision linux-6.17 --seconds 4 --seed 1 --out out");
  EXPECT_EQ(outcome.status, 77) << outcome.output;
  EXPECT_EQ(outcome.output.find("warning"), std::string::npos) << outcome.output;
  const std::vector<ProgressState> states = ProgressJournal::In(Path("out")).Read();
  ASSERT_FALSE(states.empty());
  const ProgressState& last = states.back();
  ASSERT_EQ(last.workers.size(), 2u);
  EXPECT_EQ(last.workers[0].engine, "libfuzzer");
  EXPECT_EQ(last.workers[1].engine, "afl");
  for (const WorkerProgress& worker : last.workers) EXPECT_GT(worker.executions, 0u) << worker.engine;
  EXPECT_GT(last.states, 10u);

  std::set<std::string> corpus;
  for (const auto& entry : fs::directory_iterator(Path("out/corpus"))) corpus.insert(Content(entry.path()));
  std::size_t exchanged = 0;
  std::string stats;
  for (const auto& entry : fs::recursive_directory_iterator(Path("out/afl"))) {
    const bool is_new = entry.path().filename().string().find("mutate") != std::string::npos;
    if (is_new && entry.is_regular_file()) exchanged += corpus.contains(Content(entry.path()));
    if (entry.path().filename() == "fuzzer_stats") stats = Content(entry.path());
  }
  EXPECT_GT(exchanged, 0u);
  EXPECT_NE(stats.find("stability         : 100.00%"), std::string::npos) << stats;
}

// Two folders act as two hosts, and a copy as what carries files between them. fuzz/engines/two_hosts does it with
// both at work, for minutes: here AFL++ synchronises when it starts.
TEST_F(CampaignTest, AHostTakesOverWhatAnotherHostsAflFound) {
  if (!HasAfl()) GTEST_SKIP() << "this build has no target for AFL++";
  const std::string campaign = "$BUILD/rqfuzz campaign --engine afl --jobs 1 --revision linux-7.2 ";
  const Outcome first = Run(campaign + "--seconds 3 --seed 1 --out host1");
  EXPECT_EQ(first.status, 0) << first.output;
  fs::create_directories(Path("host2"));
  fs::copy(Path("host1/afl"), Path("host2/afl"), fs::copy_options::recursive);
  const fs::path visitor = fs::directory_iterator(Path("host1/afl"))->path().filename();
  const std::string queue = "host2/afl/" + visitor.string() + "/queue";
  const auto before = FilesIn(queue);
  const Outcome second = Run("AFL_IMPORT_FIRST=1 " + campaign + "--seconds 5 --seed 2 --out host2");
  EXPECT_EQ(second.status, 0) << second.output;
  EXPECT_EQ(FilesIn(queue), before);

  std::set<std::string> corpus;
  for (const auto& entry : fs::directory_iterator(Path("host2/corpus"))) corpus.insert(Content(entry.path()));
  std::size_t taken = 0;
  for (const auto& entry : fs::recursive_directory_iterator(Path("host2/afl"))) {
    if (entry.path().filename().string().find("sync:" + visitor.string()) == std::string::npos) continue;
    taken += corpus.contains(Content(entry.path()));
  }
  EXPECT_GT(taken, 5u);
}

// RQFUZZ_KILLS=20 makes it that many.
TEST_F(CampaignTest, NothingIsLostWhenItIsKilledAtAnyMoment) {
  const std::string options = HasAfl() ? "--engine both" : "--engine libfuzzer";
  std::string command =
      "exec $BUILD/rqfuzz campaign --jobs 2 --revision linux-6.17 --seconds 60 --out out " + options;
  std::set<std::string> findings;
  std::map<std::string, std::uintmax_t> corpus;
  Random random(6);
  const char* kills_wanted = std::getenv("RQFUZZ_KILLS");
  const int kills = kills_wanted == nullptr ? 4 : std::atoi(kills_wanted);
  for (int i = 0; i < kills; ++i) {
    const pid_t campaign = Start(command);
    // Every other time while it starts, else at work.
    for (int wait = 0; i % 2 == 1 && wait < 500 && FilesIn("out/corpus").size() < 20; ++wait) {
      std::this_thread::sleep_for(kPoll);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random.Below(300)));
    ASSERT_EQ(kill(campaign, SIGKILL), 0);
    const Outcome killed = Finish(campaign);
    ASSERT_EQ(killed.status, -1) << killed.output;
    for (const auto& [file, size] : FilesIn("out/findings")) findings.insert(file);
    for (const auto& [file, size] : FilesIn("out/corpus")) corpus[file] = std::max(corpus[file], size);
    if (fs::exists(Path("out/campaign.json"))) command = "exec $BUILD/rqfuzz campaign --resume out";
  }
  const Outcome outcome = Run("$BUILD/rqfuzz campaign --resume out --seconds 2");
  EXPECT_EQ(outcome.status, 77) << outcome.output;
  const auto findings_after = FilesIn("out/findings");
  for (const std::string& file : findings) {
    ASSERT_TRUE(findings_after.contains(file)) << file;
    EXPECT_EQ(Run("$BUILD/rqfuzz replay out/findings/" + file + "/finding.rqs").status, 77) << file;
  }
  auto corpus_after = FilesIn("out/corpus");
  for (const auto& [file, size] : corpus) EXPECT_GE(corpus_after[file], size) << file;
  EXPECT_GT(corpus.size(), 10u);
  std::printf("%d kills: %zu findings and %zu files of the corpus seen before, all there after; then %zu and %zu\n",
              kills, findings.size(), corpus.size(), findings_after.size(), FilesIn("out/corpus").size());
}

TEST_F(CampaignTest, ResumingTakesTheOptionsAndWhatIsLeftOfTheTime) {
  const pid_t campaign = Start("exec $BUILD/rqfuzz campaign --jobs 1 --revision linux-6.15 --seconds 4 --out out");
  while (ProgressJournal::In(Path("out")).Read().size() < 2) std::this_thread::sleep_for(kPoll);
  ASSERT_EQ(kill(campaign, SIGKILL), 0);
  Finish(campaign);
  const ProgressState before = ProgressJournal::In(Path("out")).Read().back();
  const Outcome outcome = Run("$BUILD/rqfuzz campaign --resume out");
  const auto seconds_left = std::llround(4 - before.seconds);
  EXPECT_TRUE(
      outcome.output.starts_with("rqspinlock linux-6.15: 1 worker for " + std::to_string(seconds_left) + " s"))
      << outcome.output;
  const ProgressState after = ProgressJournal::In(Path("out")).Read().back();
  EXPECT_GE(after.seconds, before.seconds + static_cast<double>(seconds_left));
  EXPECT_GT(after.executions, before.executions);
  EXPECT_GE(after.features, before.features);

  const Outcome over = Run("$BUILD/rqfuzz campaign --resume out");
  EXPECT_EQ(over.status, 1);
  EXPECT_NE(over.output.find("--seconds"), std::string::npos) << over.output;
  const Outcome missing = Run("$BUILD/rqfuzz campaign --resume .");
  EXPECT_EQ(missing.status, 1);
  EXPECT_EQ(missing.output,
            "./campaign.json: no campaign was started with this folder as --out, so none can be resumed\n");
  EXPECT_EQ(Run("$BUILD/rqfuzz campaign --resume out --jobs 2").status, 1);
}

TEST_F(CampaignTest, AFullDiskStopsItAndLosesNothing) {
  // A disk of its own, which only this test's processes see.
  if (std::system("unshare -rm true 2>/dev/null") != 0) GTEST_SKIP() << "no mounts for users here";
  std::ofstream(Path("script")) << R"(
    set -e
    mkdir disk && mount -t tmpfs -o size=12M none disk
    $BUILD/rqfuzz campaign --jobs 2 --revision linux-6.17 --seconds 60 --out disk/out >first &
    campaign=$!
    until ls disk/out/findings/*/finding.rqs 2>/dev/null; do sleep 0.05; done
    cat /dev/zero >disk/filler 2>/dev/null || true
    status=0; wait $campaign || status=$?
    echo "$status" >status
    cp -r disk/out/findings before
    ls disk/out/corpus >corpus_before
    rm disk/filler
    $BUILD/rqfuzz campaign --resume disk/out --seconds 1 >second || true
    cp -r disk/out/findings after
    ls disk/out/corpus >corpus_after
  )";
  const Outcome outcome = Run("unshare -rm sh script");
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_EQ(Content(Path("status")), "2\n");
  EXPECT_NE(Content(Path("first")).find("the disk is full"), std::string::npos) << Content(Path("first"));
  const auto before = FilesIn("before");
  const auto after = FilesIn("after");
  EXPECT_FALSE(before.empty());
  for (const auto& [file, size] : before) {
    EXPECT_TRUE(after.contains(file)) << file;
    EXPECT_EQ(Run("$BUILD/rqfuzz replay before/" + file + "/finding.rqs").status, 77) << file;
  }
  EXPECT_EQ(Run("sort corpus_before >a; sort corpus_after >b; comm -23 a b | grep -c .").output, "0\n");
}

TEST_F(CampaignTest, WithoutRoomItDoesNotStart) {
  const Outcome outcome = Run("ulimit -f 100; $BUILD/rqfuzz campaign --seconds 1 --out out");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(outcome.output.starts_with("out: no room for a campaign")) << outcome.output;
}

// Of a corpus with much in it that adds nothing.
TEST_F(CampaignTest, AMergedCorpusHasTheFeaturesThatLibFuzzerSaw) {
  const std::string target = "ASAN_OPTIONS=symbolize=0 $BUILD/rqspinlock_fuzzer -seed=1 ";
  for (const char* name : {"one", "two"}) {
    fs::create_directory(Path(name));
    for (unsigned i = 0; i < 200; ++i) {
      Scenario scenario = RandomInput(i + (name[0] == 'o' ? 0 : 100));
      scenario.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");  // the target ends at a bug
      const Seed seed = SeedOf(scenario);
      std::ofstream(Path(name + ("/" + seed.name)), std::ios::binary) << seed.content;
    }
  }
  ASSERT_EQ(Run("$BUILD/rqfuzz corpus merge one two -o merged").status, 0);
  EXPECT_LT(FilesIn("merged").size(), 300u * 3 / 4);
  // "#91 INITED cov: 345 ft: 678 corp: ...".
  const auto features = [&](const std::string& folders) {
    const Outcome outcome = Run(target + "-runs=0 " + folders);
    const std::size_t at = outcome.output.find("INITED cov: ");
    return outcome.output.substr(at, outcome.output.find(" corp:", at) - at);
  };
  EXPECT_TRUE(features("merged").starts_with("INITED cov: "));
  EXPECT_EQ(features("merged"), features("one two"));
}

// The commands of the stock target that other tools are built on.
TEST_F(CampaignTest, TheStockTargetRunsMergesAndMinimizes) {
  // Most of the time would be spent on the names in stack traces.
  const std::string target =
      "UBSAN_OPTIONS=symbolize=0 ASAN_OPTIONS=symbolize=0 RQFUZZ_REVISION=linux-6.17 $BUILD/rqspinlock_fuzzer ";
  fs::create_directory(Path("seeds"));
  for (const auto& entry : fs::directory_iterator(RQFUZZ_SOURCE_DIR "/corpus/seeds")) {
    const std::string name = entry.path().stem().string();
    ASSERT_EQ(Run("$BUILD/rqfuzz convert " + entry.path().string() + " -o seeds/" + name).status, 0);
  }
  EXPECT_EQ(Run("$BUILD/rqspinlock_fuzzer -runs=0 seeds").status, 0);

  fs::create_directory(Path("merged"));
  EXPECT_EQ(Run("$BUILD/rqspinlock_fuzzer -merge=1 merged seeds").status, 0);
  EXPECT_FALSE(FilesIn("merged").empty());
  EXPECT_LE(FilesIn("merged").size(), FilesIn("seeds").size());

  fs::create_directory(Path("crashes"));
  EXPECT_EQ(Run(target + "-seed=1 -runs=100000 -artifact_prefix=crashes/").status, 77);
  const auto crashes = FilesIn("crashes");
  ASSERT_EQ(crashes.size(), 1u);
  const std::string crash = "crashes/" + crashes.begin()->first;
  EXPECT_EQ(Run(target + crash).status, 77);
  const Outcome minimized =
      Run(target + "-minimize_crash=1 -runs=20 -max_total_time=2 -exact_artifact_path=small " + crash);
  EXPECT_EQ(minimized.status, 0) << minimized.output;
  EXPECT_EQ(Run(target + (fs::exists(Path("small")) ? "small" : crash)).status, 77);
}

}  // namespace
}  // namespace rqfuzz
