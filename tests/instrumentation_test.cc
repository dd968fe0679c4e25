// That no access of the locks escapes the machine: what is built is compared with what the description's steps say.
// A compiler that inlines, merges or drops an entry point changes these texts.
#include <cstdio>
#include <set>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fuzz/oracles/testing/judged.h"
#include "lock/build.h"
#include "lock/revision.h"

namespace rqfuzz {
namespace {

// Every step of the scenario, as "load cpu 0 table count".
std::vector<std::string> Steps(std::string_view revision, std::string_view build, std::string_view text) {
  std::vector<std::string> steps;
  for (const TraceLine& line : PlayTraced(ScenarioOf(revision, text, build), /*keep_trace=*/true).trace) {
    steps.push_back(line.location.empty() ? line.action : absl::StrCat(line.action, " ", line.location));
  }
  return steps;
}

// The lines of `steps`, without indentation and empty lines.
std::vector<std::string> List(std::string_view steps) {
  const std::string text(steps);
  std::vector<std::string> list = absl::StrSplit(text, '\n', absl::SkipWhitespace());
  for (std::string& line : list) absl::StripAsciiWhitespace(&line);
  return list;
}

// Before 6.18-stable the entry comes after the CAS and goes before the store that releases.
constexpr std::string_view kEntryInside = R"(
  acquire A
  preempt_disable
  read-modify-write lock A
  load cpu 0 table count
  store cpu 0 table count
  fence
  store cpu 0 table slot 0
  fence
  acquire A returns 0
  release A
  load cpu 0 table count
  store cpu 0 table slot 0
  store lock A locked byte
  fence
  load cpu 0 table count
  store cpu 0 table count
  preempt_enable
  release A returns
  all CPUs have finished
)";

constexpr std::string_view kEntryOutside = R"(
  acquire A
  preempt_disable
  load cpu 0 table count
  store cpu 0 table count
  fence
  store cpu 0 table slot 0
  fence
  read-modify-write lock A
  acquire A returns 0
  release A
  store lock A locked byte
  fence
  load cpu 0 table count
  store cpu 0 table slot 0
  fence
  load cpu 0 table count
  store cpu 0 table count
  preempt_enable
  release A returns
  all CPUs have finished
)";

TEST(InstrumentationTest, AnUncontendedAcquireAndReleaseIsSeenStepByStep) {
  unsigned count = 0;
  for (const locks::LockType& type : locks::AllLockTypes()) {
    if (type.name != "rqspinlock") continue;
    const bool inside = type.revision == "linux-6.15" || type.revision == "linux-6.17";
    EXPECT_EQ(Steps(type.revision, type.build, "locks 1\ncpu 0\nacquire A\nrelease A\n"),
              List(inside ? kEntryInside : kEntryOutside))
        << type.revision << " " << type.build;
    ++count;
  }
  EXPECT_EQ(count, locks::kRevisionCount * locks::kBuildCount);
}

// Which accesses to the lock word, and by CPU 2 to queue nodes, occur when CPU 0 owns the lock, CPU 1 is pending and
// CPUs 2 and 3 queue.
std::vector<std::string> Accesses(std::string_view build) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
        work 1us
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
  )";
  std::set<std::string> accesses;
  for (const TraceLine& line : PlayTraced(ScenarioOf("linux-7.2", kText, build), /*keep_trace=*/true).trace) {
    const bool word = absl::StartsWith(line.location, "lock A");
    const bool node = line.cpu == 2 && absl::StrContains(line.location, "node");
    if (word || node) accesses.insert(absl::StrCat(line.action, " ", line.location));
  }
  return {accesses.begin(), accesses.end()};
}

TEST(InstrumentationTest, ContendedAccessesHaveTheWidthsOfTheBuild) {
  const std::vector<std::string> small = List(R"(
    load cpu 2 node 0 count
    load cpu 2 node 0 next
    load lock A
    load lock A locked byte
    read-modify-write lock A
    read-modify-write lock A tail
    store cpu 2 node 0 count
    store cpu 2 node 0 locked
    store cpu 2 node 0 next
    store cpu 3 node 0 locked
    store lock A locked and pending
    store lock A locked byte
  )");
  const std::vector<std::string> large = List(R"(
    load cpu 2 node 0 count
    load cpu 2 node 0 next
    load lock A
    load lock A locked byte
    read-modify-write lock A
    store cpu 2 node 0 count
    store cpu 2 node 0 locked
    store cpu 2 node 0 next
    store cpu 3 node 0 locked
    store lock A locked byte
  )");
  EXPECT_EQ(Accesses("generic"), small);
  EXPECT_EQ(Accesses("x86"), small);
  EXPECT_EQ(Accesses("large"), large);
}

// What `command` prints, line by line.
std::vector<std::string> Output(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "cannot run " << command;
    return {};
  }
  char buffer[4096];
  while (const std::size_t bytes = std::fread(buffer, 1, sizeof(buffer), pipe)) text.append(buffer, bytes);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

TEST(InstrumentationTest, TheLocksCallNothingButEntryPointsAndServices) {
  // A call of memset or memcpy would be accesses that nobody sees.
  const std::string folder(absl::StripSuffix(RQFUZZ_BINARY, "rqfuzz"));
  unsigned entry_points = 0;
  unsigned services = 0;
  for (const std::string& line : Output(absl::StrCat("nm -u -C ", folder, "lock/lock_instrumented.o"))) {
    const std::string name(absl::StripAsciiWhitespace(absl::StripPrefix(absl::StripAsciiWhitespace(line), "U ")));
    const bool entry_point = absl::StartsWith(name, "__tsan_");
    const bool service = absl::StartsWith(name, "kernel::");
    EXPECT_TRUE(entry_point || service) << name;
    entry_points += entry_point;
    services += service;
  }
  EXPECT_GE(entry_points, 10);
  EXPECT_GE(services, 10);
}

}  // namespace
}  // namespace rqfuzz
