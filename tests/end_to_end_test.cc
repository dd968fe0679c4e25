// Scenarios of a few lines, each on every revision: which of them find what. The rows are the catalogue of upstream
// bugs; where a bug was fixed the verdict changes, and nowhere else.
#include <cctype>

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kPass = "pass";

struct Row {
  std::string_view name;
  std::string_view text;
  // By revision, oldest first.
  std::string_view linux_6_15, linux_6_17, linux_6_18_stable, linux_6_19, linux_7_0, linux_7_2;
};

constexpr Row kRows[] = {
    {"two CPUs, one lock", R"(
       locks 1
       cpu 0
         acquire A
         release A
       cpu 1
         acquire A bpf
         release A
     )",
     kPass, kPass, kPass, kPass, kPass, kPass},
    {"a section longer than a pending waiter's limit", R"(
       locks 1
       cpu 0
         acquire A
           work 300ms
         release A
       cpu 1
         acquire A
         release A
     )",
     kPass, kPass, kPass, kPass, kPass, kPass},
    {"abba", R"(
       locks 2
       cpu 0
         acquire A
           work 1us
           acquire B
           release B
         release A
       cpu 1
         acquire B
           work 1us
           acquire A
           release A
         release B
     )",
     kPass, kPass, kPass, kPass, kPass, kPass},
    {"nmi-behind-itself", R"(
       locks 1
       cpu 0
         acquire A
           work 10ms
         release A
       cpu 1
         acquire A
         release A
       cpu 2
         acquire A
         release A
       nmi 0 on cpu 2 at 1ms
         acquire A
         release A
     )",
     "finding no-hang nmi-on-top-of-the-head-it-depends-on", "finding nmi waits-for-lower-head-as-newcomer",
     "finding nmi waits-for-lower-head-as-newcomer", kPass, kPass, kPass},
    {"aa-missed-after-cas", R"(
       locks 1
       cpu 0
         acquire A
         release A
       nmi 0 in cpu 0 acquire A access 3
         acquire A
         release A
     )",
     "finding prompt-aa holder-acquiring-waiter-pending", "finding prompt-aa holder-acquiring-waiter-pending", kPass,
     kPass, kPass, kPass},
    {"aa-missed-before-release", R"(
       locks 1
       cpu 0
         acquire A
         release A
       nmi 0 in cpu 0 release A access 3
         acquire A
         release A
     )",
     "finding prompt-aa holder-releasing-waiter-pending", "finding prompt-aa holder-releasing-waiter-pending", kPass,
     kPass, kPass, kPass},
    {"aa-late", R"(
       locks 1
       cpu 0
         acquire A
           acquire A
           release A
         release A
     )",
     "finding prompt-aa holder-in-section-waiter-pending", "finding prompt-aa holder-in-section-waiter-pending",
     "finding prompt-aa holder-in-section-waiter-pending", kPass, kPass, kPass},
    {"nmi-starves", R"(
       locks 1
       cpu 0
         acquire A
           work 10ms
         release A
       cpu 1
         acquire A
         release A
       nmi 0 on cpu 1 at 1ms
         acquire A
         release A
     )",
     "finding nmi waits-for-lower-pending-as-head", "finding nmi waits-for-lower-pending-as-newcomer",
     "finding nmi waits-for-lower-pending-as-head", kPass, kPass, kPass},
    {"nmi-behind-stranger", R"(
       locks 1
       cpu 0
         acquire A
           work 10ms
         release A
       cpu 1
         acquire A
         release A
       cpu 2
         acquire A
         release A
       nmi 0 on cpu 0 at 1ms
         acquire A
         release A
     )",
     "finding prompt-aa holder-in-section-waiter-queued", "finding prompt-aa holder-in-section-waiter-newcomer",
     "finding prompt-aa holder-in-section-waiter-queued", kPass, kPass, kPass},
    {"bystanders-punished", R"(
       locks 2
       cpu 0
         acquire A
           work 2ms
           acquire B
           release B
         release A
       cpu 1
         acquire A
         release A
       cpu 2
         acquire B
           acquire A
           release A
         release B
       cpu 3
         acquire A
         release A
     )",
     "finding bystanders told-by-the-waiter-ahead", "finding bystanders told-by-the-waiter-ahead",
     "finding bystanders told-by-the-waiter-ahead", kPass, kPass, kPass},
    {"wrong-errno", R"(
       locks 1
       cpu 0
         acquire A
           work 2s
         release A
       cpu 1
         acquire A
         release A
       cpu 2
         acquire A
         release A
       cpu 3
         acquire A
         release A
     )",
     "finding error-cause deadlock-reported-after-timeout", "finding error-cause deadlock-reported-after-timeout",
     "finding error-cause deadlock-reported-after-timeout", kPass, kPass, kPass},
    {"lone-head", R"(
       locks 2
       cpu 0
         acquire A
           work 2ms
           acquire B
           release B
         release A
       cpu 1
         acquire A
         release A
       cpu 2
         acquire B
           acquire A
           release A
         release B
     )",
     kPass, kPass, kPass, "finding no-hang head-waits-without-a-clock", "finding no-hang head-waits-without-a-clock",
     kPass},
    {"tas-double-entry, success", R"(
       virtual-machine
       locks 1
       cpu 0
         acquire A
           work 1us
         release A
       cpu 1
         acquire A
         release A
     )",
     kPass, kPass, "finding recovery table-count-left",
     "finding error-cause deadlock-reported-to-test-and-set-without-cause", kPass, kPass},
    {"tas-double-entry, failure", R"(
       virtual-machine
       locks 1
       cpu 0
         acquire A
           work 10ms
         release A
       cpu 1
         acquire A
         release A
     )",
     kPass, kPass, "finding error-cause deadlock-reported-to-test-and-set-without-cause",
     "finding error-cause deadlock-reported-to-test-and-set-without-cause", kPass, kPass},
    {"preempt-before-irq", R"(
       locks 1
       cpu 0
         acquire A irqsave
         release A
       reschedule in cpu 0 release A access 1
     )",
     "finding context reschedule-lost-after-release", "finding context reschedule-lost-after-release",
     "finding context reschedule-lost-after-release", "finding context reschedule-lost-after-release",
     "finding context reschedule-lost-after-release", kPass},
};

class EndToEndTest : public testing::TestWithParam<Row> {};

TEST_P(EndToEndTest, TheVerdictOfEachRevisionIsTheCatalogues) {
  const Row& row = GetParam();
  EXPECT_EQ(Judged("linux-6.15", row.text), row.linux_6_15);
  EXPECT_EQ(Judged("linux-6.17", row.text), row.linux_6_17);
  EXPECT_EQ(Judged("linux-6.18-stable", row.text), row.linux_6_18_stable);
  EXPECT_EQ(Judged("linux-6.19", row.text), row.linux_6_19);
  EXPECT_EQ(Judged("linux-7.0", row.text), row.linux_7_0);
  EXPECT_EQ(Judged("linux-7.2", row.text), row.linux_7_2);
}

std::string TestName(const testing::TestParamInfo<Row>& info) {
  std::string name(info.param.name);
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EndToEndTest, testing::ValuesIn(kRows), TestName);

}  // namespace
}  // namespace rqfuzz
