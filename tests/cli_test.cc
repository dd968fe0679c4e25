// The command line from outside: what a user types, sees and gets back.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rqfuzz {
namespace {

// An NMI tries A right after its CPU has taken it: linux-6.17 has no entry for A in its table yet.
constexpr char kMissedAa[] =
    "lock rqspinlock linux-6.17 generic\n"
    "locks 1\n"
    "\n"
    "cpu 0\n"
    "  work 5us\n"
    "  acquire A\n"
    "  release A\n"
    "\n"
    "cpu 1\n"
    "  work 1us\n"
    "\n"
    "nmi 0 in cpu 0 acquire A access 3\n"
    "  acquire A\n"
    "  release A\n";

class CliTest : public ::testing::Test {
 protected:
  struct Outcome {
    int status = -1;
    std::string out;
    std::string err;
  };

  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = ::testing::TempDir() + "cli_test_" + std::to_string(getpid()) + "_" + test->name();
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(std::filesystem::create_directory(folder_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  void Write(const std::string& name, const std::string& content) const {
    std::ofstream(Path(name), std::ios::binary) << content;
  }
  std::string Read(const std::string& name) const {
    std::ostringstream content;
    content << std::ifstream(Path(name), std::ios::binary).rdbuf();
    return content.str();
  }

  // Starts rqfuzz in the test's folder; `arguments` are split by the shell.
  pid_t Start(const std::string& arguments) const {
    const std::string command = "exec '" RQFUZZ_BINARY "' " + arguments + " >stdout 2>stderr";
    const pid_t child = fork();
    if (child == 0) {
      if (chdir(folder_.c_str()) == 0) execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      _exit(127);
    }
    return child;
  }
  Outcome Finish(pid_t child) const {
    int wait_status = 0;
    EXPECT_EQ(waitpid(child, &wait_status, 0), child);
    return {WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1, Read("stdout"), Read("stderr")};
  }
  Outcome Run(const std::string& arguments) const { return Finish(Start(arguments)); }

  void ExpectOneLineError(const Outcome& outcome, const std::string& part) const {
    EXPECT_EQ(outcome.status, 1) << outcome.out;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  }

  // Waits until the campaign in out/ has written its first corpus file.
  // Until a worker has found something: then its parent has begun to wait for signals.
  bool WaitForWork() const {
    for (int i = 0; i < 600; ++i) {
      std::error_code error;
      const std::filesystem::directory_iterator findings(Path("out/findings"), error);
      if (!error && findings != std::filesystem::directory_iterator()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  std::string folder_;
};

TEST_F(CliTest, HelpTeachesByExample) {
  for (const char* command : {"", "campaign", "findings", "replay", "minimize", "convert", "corpus", "corpus add",
                              "corpus check", "corpus merge", "corpus export"}) {
    const Outcome outcome = Run(std::string(command) + " --help");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.out.find("Example: "), std::string::npos) << outcome.out;
  }
}

TEST_F(CliTest, BadUsageIsOneLine) {
  ExpectOneLineError(Run(""), "subcommand");
  ExpectOneLineError(Run("replay"), "FILE");
  ExpectOneLineError(Run("campaign --sconds 3"), "--sconds");
  ExpectOneLineError(Run("campaign --seconds 0"), "--seconds");
  ExpectOneLineError(Run("campaign --revision linux-1.0"), "linux-6.17");
  ExpectOneLineError(Run("campaign --lock mutex"), "rqspinlock");
  ExpectOneLineError(Run("campaign --with nmi"), "misuse");
  EXPECT_FALSE(std::filesystem::exists(Path("rqfuzz-out")));
}

TEST_F(CliTest, BenchInjectorsTellsWhatEachContributes) {
  const Outcome outcome = Run("bench injectors --seconds 1 --json injectors.json");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("blocks only"), std::string::npos) << outcome.out;
  const nlohmann::json json = nlohmann::json::parse(Read("injectors.json"));
  EXPECT_GT(json["executions"], 0);
  EXPECT_EQ(json["injectors"].size(), 19u);
  EXPECT_EQ(json["injectors"][0]["name"], "nmi");
  EXPECT_GT(json["injectors"][0]["fired"], 0);
  EXPECT_GT(json["places"].size(), 50u);
}

TEST_F(CliTest, ReplayTellsAFindingFromAPass) {
  Write("aa.rqs", kMissedAa);
  const Outcome finding = Run("replay aa.rqs");
  EXPECT_EQ(finding.status, 77) << finding.err;
  EXPECT_TRUE(finding.out.starts_with("aa.rqs: finding prompt-aa: ")) << finding.out;
  const Outcome pass = Run("replay aa.rqs --revision linux-7.2");
  EXPECT_EQ(pass.status, 0) << pass.err;
  EXPECT_EQ(pass.out, "aa.rqs: pass\n");
}

TEST_F(CliTest, ReplayAsJson) {
  Write("aa.rqs", kMissedAa);
  Write("bad.rqs", "lok\n");
  const Outcome outcome = Run("replay --json aa.rqs bad.rqs");
  EXPECT_EQ(outcome.status, 77);
  const auto json = nlohmann::json::parse(outcome.out);
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["verdict"], "finding");
  EXPECT_EQ(json[0]["lock"], "rqspinlock");
  EXPECT_EQ(json[0]["revision"], "linux-6.17");
  EXPECT_EQ(json[0]["trace_hash"].get<std::string>().size(), 16u);
  EXPECT_GE(json[0]["virtual_ns"].get<std::uint64_t>(), 250'000'000u);
  EXPECT_EQ(json[1]["verdict"], "invalid");
  EXPECT_EQ(Run("replay --json aa.rqs bad.rqs").out, outcome.out);
}

TEST_F(CliTest, TracePrintsTheInterleaving) {
  Write("aa.rqs", kMissedAa);
  const Outcome outcome = Run("replay --trace aa.rqs");
  EXPECT_NE(outcome.out.find("CPU 0"), std::string::npos);
  EXPECT_NE(outcome.out.find("nmi begins"), std::string::npos);
  EXPECT_NE(outcome.out.find("lock A"), std::string::npos);
}

TEST_F(CliTest, BadFilesGetOneErrorEach) {
  Write("bad.rqs", "lok\n");
  Write("large.rqs", std::string(10'000'000, 'x'));
  Write("bytes.rqs", "lock \xFF\xFE\n");
  ExpectOneLineError(Run("replay bad.rqs"), "bad.rqs:1:1: ");
  ExpectOneLineError(Run("replay large.rqs"), "large.rqs: ");
  ExpectOneLineError(Run("replay bytes.rqs"), "bytes.rqs:1:");
  ExpectOneLineError(Run("replay missing.rqs"), "missing.rqs: ");
  ExpectOneLineError(Run("replay ."), ".: ");
}

TEST_F(CliTest, AnyBytesAreABinaryScenario) {
  Write("empty", "");
  Write("random", std::string("\x13\x37\x00\xFF\x42\x99\x01\x7F", 8));
  Write("text", kMissedAa);
  const Outcome outcome = Run("replay empty random text");
  EXPECT_TRUE(outcome.status == 0 || outcome.status == 77) << outcome.err;
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CliTest, ConvertLosesNothing) {
  Write("aa.rqs", kMissedAa);
  EXPECT_EQ(Run("convert aa.rqs -o aa").status, 0);
  EXPECT_EQ(Run("convert aa -o again.rqs").status, 0);
  EXPECT_EQ(Read("again.rqs"), kMissedAa);
  ExpectOneLineError(Run("convert aa.rqs -o missing/aa"), "missing/aa");
}

TEST_F(CliTest, MinimizeKeepsTheFinding) {
  Write("aa.rqs", kMissedAa);
  const Outcome outcome = Run("minimize aa.rqs -o small.rqs");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("1 of 2 CPUs"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("2 of 2 works"), std::string::npos) << outcome.out;
  const Outcome replay = Run("replay small.rqs");
  EXPECT_EQ(replay.status, 77);
  EXPECT_NE(replay.out.find("prompt-aa"), std::string::npos) << replay.out;
  EXPECT_EQ(Read("small.rqs").find("cpu 1"), std::string::npos);
}

TEST_F(CliTest, MinimizeRefusesAPass) {
  Write("pass.rqs", "lock rqspinlock linux-7.2 generic\nlocks 1\n\ncpu 0\n  acquire A\n  release A\n");
  ExpectOneLineError(Run("minimize pass.rqs -o small.rqs"), "pass.rqs: ");
  EXPECT_FALSE(std::filesystem::exists(Path("small.rqs")));
}

TEST_F(CliTest, CampaignFindsARealBugAndKeepsIt) {
  const Outcome outcome =
      Run("campaign --revision linux-6.17 --seconds 3 --jobs 2 --seed 1 --out out --json result.json");
  EXPECT_EQ(outcome.status, 77) << outcome.out << outcome.err;
  const auto json = nlohmann::json::parse(Read("result.json"));
  ASSERT_FALSE(json["findings"].empty());
  EXPECT_GT(json["executions"], 0);
  for (const auto& finding : json["findings"]) {
    const std::string file = finding["file"];
    EXPECT_LE(finding["executions"], json["executions"]);
    const Outcome replay = Run("replay --json " + file);
    EXPECT_EQ(replay.status, 77) << file;
    EXPECT_EQ(nlohmann::json::parse(replay.out)[0]["oracle"], finding["oracle"]);
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    const auto record = nlohmann::json::parse(Read(folder / "finding.json"));
    EXPECT_EQ(record["minimized"], true) << file;
    EXPECT_EQ(record["seed"], 1);
    EXPECT_EQ(record["campaign"],
              "rqfuzz campaign --revision linux-6.17 --seconds 3 --jobs 2 --out out --seed 1 --json result.json");
    EXPECT_NE(Read(folder / "report.txt").find("On each revision:"), std::string::npos) << file;
  }
}

TEST_F(CliTest, FindingsAreListedAndReported) {
  ExpectOneLineError(Run("findings missing"), "missing: ");
  ExpectOneLineError(Run("findings ."), "--out");
  ASSERT_TRUE(std::filesystem::create_directories(Path("out/findings")));
  const Outcome nothing = Run("findings out --junit none.xml --sarif none.sarif");
  EXPECT_EQ(nothing.status, 0);
  EXPECT_EQ(nothing.out, "no findings\n");
  EXPECT_NE(Read("none.xml").find("failures=\"0\""), std::string::npos);
  Run("campaign --revision linux-6.17 --seconds 1 --jobs 1 --seed 1 --out out");
  const Outcome outcome = Run("findings out --junit all.xml --sarif all.sarif");
  EXPECT_EQ(outcome.status, 77) << outcome.err;
  EXPECT_NE(outcome.out.find("1  "), std::string::npos) << outcome.out;
  const auto results = nlohmann::json::parse(Read("all.sarif"))["runs"][0]["results"];
  ASSERT_FALSE(results.empty());
  const std::string file = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
  EXPECT_EQ(Run("replay " + file).status, 77);
  ExpectOneLineError(Run("findings out --junit missing/all.xml"), "missing/all.xml: ");
}

TEST_F(CliTest, CorpusKeepsAndChecks) {
  Write("aa.rqs", kMissedAa);
  ASSERT_TRUE(std::filesystem::create_directories(Path("mine/regressions")));
  const Outcome added = Run("corpus add aa.rqs --corpus mine --name aa");
  EXPECT_EQ(added.status, 0) << added.err;
  EXPECT_NE(added.out.find("1 of 2 CPUs"), std::string::npos) << added.out;
  EXPECT_NE(added.out.find("linux-7.2"), std::string::npos) << added.out;
  EXPECT_EQ(Run("corpus check mine").status, 0);
  ExpectOneLineError(Run("corpus add aa.rqs --corpus mine"), "the same scenario");
  ExpectOneLineError(Run("corpus add aa.rqs --corpus missing"), "--corpus");
  ExpectOneLineError(Run("corpus check missing"), "missing: ");
  ExpectOneLineError(Run("corpus export missing -o seeds.zip"), "missing: ");
  EXPECT_EQ(Run("corpus export mine -o seeds.zip").out, "seeds.zip: 1 scenarios\n");
  ExpectOneLineError(Run("corpus merge missing -o merged"), "missing: ");
  const Outcome merged = Run("corpus merge mine " RQFUZZ_SOURCE_DIR "/corpus -o merged");
  EXPECT_EQ(merged.status, 0) << merged.err;
  EXPECT_TRUE(merged.out.starts_with("merged: ")) << merged.out;
  EXPECT_EQ(merged.out.find(" 0 features"), std::string::npos) << merged.out;
  EXPECT_TRUE(Run("corpus merge mine -o merged").out.starts_with("merged: 0 of 1 inputs added, "));
  Write("mine/regressions/aa.rqs", "expect linux-6.17 pass\n" + std::string(kMissedAa));
  const Outcome broken = Run("corpus check mine");
  EXPECT_EQ(broken.status, 77) << broken.err;
  EXPECT_NE(broken.err.find("expects pass on linux-6.17 and gets finding prompt-aa"), std::string::npos)
      << broken.err;
}

// What the seed shows is too rare to be found in a second without it.
TEST_F(CliTest, CampaignStartsFromSeeds) {
  ASSERT_TRUE(std::filesystem::create_directory(Path("seeds")));
  std::filesystem::copy(RQFUZZ_SOURCE_DIR "/corpus/discoveries/refused-nmi.rqs", Path("seeds"));
  const std::string options = "campaign --strict --seconds 1 --jobs 1 --seed 1 --out out --json result.json";
  const Outcome outcome = Run(options + " --corpus seeds");
  EXPECT_EQ(outcome.status, 77);
  const auto json = nlohmann::json::parse(Read("result.json"));
  ASSERT_EQ(json["findings"].size(), 1u) << json;
  EXPECT_EQ(json["findings"][0]["oracle"], "no-hang");
  Write("seeds/bad.rqs", "lok\n");
  ExpectOneLineError(Run("campaign --seconds 1 --out out --corpus seeds"), "seeds/bad.rqs:1:1: ");
  ExpectOneLineError(Run("campaign --seconds 1 --out out --corpus missing"), "missing: ");
}

TEST_F(CliTest, FoldersThatCannotBeWrittenAreOneError) {
  Write("file", "");
  ExpectOneLineError(Run("campaign --seconds 1 --out missing/out"), "missing/out: ");
  ExpectOneLineError(Run("campaign --seconds 1 --out file"), "file: ");
  ExpectOneLineError(Run("campaign --seconds 1 --out /proc/out"), "/proc/out: ");
  ExpectOneLineError(Run("campaign --seconds 1 --out out --json missing/result.json"), "missing: ");
}

TEST_F(CliTest, InterruptPrintsTheSummary) {
  const pid_t campaign = Start("campaign --revision linux-6.17 --seconds 300 --jobs 2 --out out --json result.json");
  ASSERT_TRUE(WaitForWork());
  ASSERT_EQ(kill(campaign, SIGINT), 0);
  const Outcome outcome = Finish(campaign);
  EXPECT_TRUE(outcome.status == 0 || outcome.status == 77) << outcome.status << outcome.err;
  EXPECT_NE(outcome.out.find("interrupted"), std::string::npos) << outcome.out;
  const auto json = nlohmann::json::parse(Read("result.json"));
  EXPECT_EQ(outcome.status, json["findings"].empty() ? 0 : 77);
  for (const auto& finding : json["findings"]) {
    EXPECT_EQ(Run("replay " + finding["file"].get<std::string>()).status, 77);
  }
}

TEST_F(CliTest, AKilledCampaignLeavesNoWorkerAndGoesOn) {
  const pid_t campaign = Start("campaign --revision linux-6.17 --seconds 300 --jobs 2 --out out");
  ASSERT_TRUE(WaitForWork());
  ExpectOneLineError(Run("campaign --seconds 1 --out out"), "another campaign");
  ASSERT_EQ(kill(campaign, SIGKILL), 0);
  Finish(campaign);
  std::size_t findings = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(Path("out/findings"))) ++findings;
  // Workers that still ran would hold the folder.
  const Outcome outcome = Run("campaign --revision linux-6.17 --seconds 2 --jobs 2 --out out --json result.json");
  EXPECT_TRUE(outcome.status == 0 || outcome.status == 77) << outcome.err;
  EXPECT_GE(nlohmann::json::parse(Read("result.json"))["findings"].size(), findings);
}

}  // namespace
}  // namespace rqfuzz
