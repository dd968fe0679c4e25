// The pages in a real browser: headless Chromium opens them in frames of several widths, and testing/harness.html
// walks through them and says what it saw.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/progress_journal.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/report/campaign_page.h"
#include "fuzz/report/explain_page.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

using nlohmann::json;

constexpr int kWidths[] = {1280, 400};

// A folder of its own, removed at the end.
class BrowserTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / absl::StrCat("browser-", getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Add(const std::string& name, const std::string& page) {
    ASSERT_TRUE(WriteFile(folder_ / name, page).ok());
    for (const int width : kWidths) pages_.push_back({{"file", name}, {"width", width}});
  }

  // What the harness saw of each page in each width; the console's messages go to `console`.
  json Look(std::string* console) {
    // Time is virtual, so that what the pages do later is waited for.
    return Results("harness.html", {{"@PAGES@", json(pages_).dump()}}, "--virtual-time-budget=60000", console);
  }

  // What one page took to open and to scrub through.
  json Scrub(const std::string& name, std::string* console) {
    return Results("scrub.html", {{"@PAGE@", name}}, "", console);
  }

 private:
  // What fuzz/report/testing/`harness` says in the browser.
  json Results(const std::string& harness, const std::vector<std::pair<std::string, std::string>>& replacements,
               const std::string& flags, std::string* console) {
    const absl::StatusOr<std::string> text =
        ReadFile(absl::StrCat(RQFUZZ_SOURCE_DIR, "/fuzz/report/testing/", harness));
    if (!text.ok() || !WriteFile(folder_ / harness, absl::StrReplaceAll(*text, replacements)).ok()) return {};
    // As root, Chromium runs without its sandbox or not at all.
    const std::string command = absl::StrCat(
        "cd '", folder_.string(),
        "' && timeout 50 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage",
        " --allow-file-access-from-files --user-data-dir=profile --window-size=1300,1000 --enable-logging=stderr ",
        flags, " --dump-dom 'file://", folder_.string(), "/", harness, "' > dom 2> console");
    if (std::system(command.c_str()) != 0) ADD_FAILURE() << "chromium failed: " << command;
    *console = ReadFile(folder_ / "console").value_or("");
    const std::string dom = ReadFile(folder_ / "dom").value_or("");
    const std::string begin = "<pre id=\"results\">";
    const std::size_t from = dom.find(begin);
    const std::size_t to = dom.find("</pre>", from);
    if (from == std::string::npos || to == std::string::npos) return {};
    const std::string results = absl::StrReplaceAll(dom.substr(from + begin.size(), to - from - begin.size()),
                                                    {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}});
    return json::parse(results, nullptr, /*allow_exceptions=*/false);
  }

  std::filesystem::path folder_;
  json pages_ = json::array();
};

std::string PageOf(const std::string& bug) {
  const absl::StatusOr<ScenarioFile> file =
      ReadScenarioFile(absl::StrCat(RQFUZZ_SOURCE_DIR, "/corpus/upstream/", bug, ".rqs"));
  if (!file.ok()) return {};
  const absl::StatusOr<Execution> execution = Execute(file->scenario);
  return execution.ok() ? ExplainPage(*execution, bug) : "";
}

TEST_F(BrowserTest, ReadersWalkThroughExecutions) {
  struct Expected {
    const char* bug;
    const char* verdict_step;  // what stands at the cursor when the page opens
  };
  constexpr Expected kExpected[] = {
      {"aa-missed-after-cas", "acquire A returns -ETIMEDOUT"},
      {"lone-head", "nothing can change any more"},
      {"bystanders-punished", "acquire A returns -EDEADLK"},
  };
  for (const Expected& expected : kExpected) Add(absl::StrCat(expected.bug, ".html"), PageOf(expected.bug));
  std::string console;
  const json seen = Look(&console);
  EXPECT_EQ(console.find("CONSOLE"), console.npos) << console;
  ASSERT_EQ(seen.size(), 2 * std::size(kExpected)) << seen;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const json& page = seen[i];
    SCOPED_TRACE(page.dump().substr(0, 2000));
    EXPECT_LE(page["scroll_width"], page["width"]);
    EXPECT_EQ(page["headline"].get<std::string>().rfind("WARNING: ", 0), 0u);
    // The page opens at the step where it showed, and that is marked in the list.
    EXPECT_NE(page["step"].get<std::string>().find(kExpected[i / 2].verdict_step), std::string::npos);
    EXPECT_NE(page["verdict"], "");
    const int row = page["row"];
    EXPECT_GT(row, 0);
    EXPECT_EQ(page["after_left"], row - 1);
    EXPECT_EQ(page["after_right"], row);
    EXPECT_EQ(page["after_home"], 0);
    EXPECT_EQ(page["after_scrub"], 5);
    EXPECT_EQ(page["step_after_scrub"].get<std::string>().rfind("6 of ", 0), 0u);
    EXPECT_GT(page["colours"], 5);  // of the canvas: something is drawn
  }
}

// Every CPU takes four locks in turn, NMIs come in all the time, and who runs next is drawn: about 110,000 steps.
std::string LongScenario() {
  constexpr int kCpus = 8;
  const auto sections = [](int first) {
    std::string text;
    for (int i = 0; i < 48; ++i) {
      const char lock = static_cast<char>('A' + (first + i) % 4);
      absl::StrAppend(&text, "  acquire ", std::string(1, lock), "\n  release ", std::string(1, lock), "\n");
    }
    return text;
  };
  std::string text = "lock rqspinlock linux-7.2 generic\nlocks 4\n";
  for (int cpu = 0; cpu < kCpus; ++cpu) absl::StrAppend(&text, "\ncpu ", cpu, "\n", sections(cpu / 2));
  for (int nmi = 0; nmi < 2 * kCpus; ++nmi) {
    absl::StrAppend(&text, "\nnmi ", nmi, " on cpu ", nmi / 2, " at ", 1 + nmi % 2, "us every 9us for 900us\n",
                    sections(nmi / 2));
  }
  return absl::StrCat(text, "\nschedule uniform seed 1\n");
}

// Measured on an idle machine: README.md. Here the limits leave room for a busy one.
TEST_F(BrowserTest, LongExecutionsOpenAndScrubFast) {
  const absl::StatusOr<ScenarioFile> file = ParseText("long.rqs", LongScenario());
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::StatusOr<Execution> execution = Execute(file->scenario);
  ASSERT_TRUE(execution.ok());
  Add("long.html", ExplainPage(*execution, "long.rqs"));
  std::string console;
  const json seen = Scrub("long.html", &console);
  EXPECT_EQ(console.find("CONSOLE"), console.npos) << console;
  ASSERT_TRUE(seen.is_object()) << console;
  SCOPED_TRACE(seen.dump());
  EXPECT_GT(seen["steps"], 100'000);
  EXPECT_LT(seen["opened_ms"], 6000);
  EXPECT_LT(seen["near_ms"][30], 100);
  EXPECT_LT(seen["whole_ms"][30], 100);
  EXPECT_EQ(seen["row"], seen["steps"].get<int>() - 1);
}

TEST_F(BrowserTest, CampaignPagesAreWhole) {
  const std::string campaign = testing::TempDir() + absl::StrCat("campaign-", getpid());
  std::filesystem::create_directories(campaign + "/corpus");
  std::filesystem::create_directories(campaign + "/findings");
  ASSERT_TRUE(WriteFile(campaign + "/corpus/a", "some bytes").ok());
  ProgressJournal journal = ProgressJournal::In(campaign);
  ProgressState state{.seconds = 1, .executions = 1000, .corpus_files = 4, .features = 10, .states = 3};
  ASSERT_TRUE(journal.Append(state).ok());
  state.seconds = 2;
  state.executions = 2500;
  ASSERT_TRUE(journal.Append(state).ok());
  ASSERT_TRUE(AppendLine(campaign + "/progress.jsonl", "{\"seconds\":3,\"exec").ok());  // one that was cut short
  Add("index.html", CampaignPage(campaign));
  std::filesystem::remove_all(campaign);
  std::string console;
  const json seen = Look(&console);
  EXPECT_EQ(console.find("CONSOLE"), console.npos) << console;
  ASSERT_EQ(seen.size(), std::size(kWidths)) << seen;
  for (const json& page : seen) {
    const std::string text = page["text"];
    EXPECT_LE(page["scroll_width"], page["width"]) << text;
    EXPECT_NE(text.find("2,500 executions"), text.npos) << text;
    EXPECT_NE(text.find("none"), text.npos) << text;
    EXPECT_NE(text.find("1 of 1 files of the corpus"), text.npos) << text;
  }
}

}  // namespace
}  // namespace rqfuzz
