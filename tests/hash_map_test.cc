// The hash map of lock/users/ on the machine: its own code runs there, one access at a time, under every injector,
// and what it says is compared with a model. With a plain lock in the place of the resilient one it hangs.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"
#include "fuzz/scenario/random.h"
#include "injectors/injector.h"
#include "lock/users/testing/map_model.h"

namespace rqfuzz {
namespace {

using locks::MapRecord;

constexpr unsigned kMapCpus = 3;
constexpr unsigned kOperationsPerCpu = 20;
constexpr unsigned kRecordsMax = 256;
constexpr std::uint64_t kKeys = 9;

// What operations say, where the code of the map may write it.
struct UserData {
  // A copy: the machine takes an access to the host's memory for a wild one.
  locks::EntryPoints lock_functions;
  locks::HashMap map;
  MapRecord records[kRecordsMax];
};
// Between the kernel's data and the stacks. The machine need not know: nobody waits for a change of it.
constexpr std::size_t kUserDataOffset = 0x1'0000;
static_assert(kSharedOffset + kernel::kSharedBytes <= kUserDataOffset &&
              kUserDataOffset + sizeof(UserData) <= kStacksOffset);
UserData& Data() { return *reinterpret_cast<UserData*>(kMemoryBase + kUserDataOffset); }

// Purpose: CPUs and handlers that do random operations, faults of the given kinds at random points.
class MapDriver final : public Driver {
 public:
  MapDriver(std::string_view lock, std::string_view revision, std::vector<FaultKind> kinds, std::uint64_t seed)
      : kinds_(std::move(kinds)), random_(seed) {
    options_.cpu_count = kMapCpus;
    options_.lock_count = locks::kMapLocks;
    options_.lock_type = locks::FindLockType(lock, revision, "generic");
  }

  void Run() {
    MapMemory();
    std::memset(static_cast<void*>(&Data()), 0, sizeof(UserData));
    Data().lock_functions = *options_.lock_type->entry_points;
    locks_hash_map_functions.init(&Data().map, &Data().lock_functions,
                                  reinterpret_cast<unsigned char*>(LockAddress(0)));
    TheMachine().Run(options_, *this);
  }

  void RunCpu(unsigned) override {
    for (unsigned i = 0; i < kOperationsPerCpu; ++i) RunOperation();
    TheMachine().StartCount(0);
  }
  void RunHandler(unsigned, unsigned) override {
    RunOperation();
    TheMachine().StartCount(0);
  }
  void OnAlarm(unsigned cpu) override {
    const FaultKind kind = kinds_[random_.Below(kinds_.size())];
    if (MayComeAgain(kind)) InjectFault(kind, cpu);
    TheMachine().SetAlarm(TheMachine().CurrentPoint() + NextGap());
  }
  void OnTracepoint(unsigned cpu, EventKind) override {
    for (const FaultKind kind : kinds_) {
      if (kind == FaultKind::kProgram && random_.OneIn(2)) InjectFault(kind, cpu);
    }
  }
  void OnTime(std::uint64_t) override {}
  std::uint64_t NextTimeNs() override { return kNever; }

  std::vector<MapRecord> Records() const { return {Data().records, Data().records + record_count_}; }
  unsigned injected() const { return injected_; }
  static bool Ended(EventKind kind) {
    // What is left over is told after the end.
    return std::ranges::any_of(TheMachine().events(), [kind](const Event& event) { return event.kind == kind; });
  }

 private:
  bool MayComeAgain(FaultKind kind) {
    switch (kind) {
      case FaultKind::kProgram: return false;  // nests in the lock's own steps only in linux-6.15: see OnTracepoint()
      case FaultKind::kOffline: return offline_++ == 0;
      case FaultKind::kTask: return tasks_++ < kExtraTasksMax;
      default: return true;
    }
  }

  unsigned NextGap() { return static_cast<unsigned>(random_.Between(1, 60)); }

  void InjectFault(FaultKind kind, unsigned cpu) {
    Fault fault;
    fault.kind = kind;
    fault.target_cpu = static_cast<std::uint8_t>(random_.Below(kMapCpus));
    fault.duration_ns = random_.OneIn(4) ? random_.Below(600'000'000) : random_.Below(20'000);
    const unsigned handler = kind == FaultKind::kNmi       ? 0
                             : kind == FaultKind::kHardirq ? 1
                             : kind == FaultKind::kSoftirq ? 2
                                                           : 3;
    ++injected_;
    Inject(TheMachine(), {.fault = fault, .cpu = cpu, .handler = handler});
  }

  void RunOperation() {
    if (record_count_ == kRecordsMax) return;
    MapRecord& record = Data().records[record_count_++];
    // Updates mostly: the map is full soon, and throws out.
    record.operation = static_cast<locks::MapOperation>(random_.OneIn(3) ? random_.Between(1, 2) : 0);
    record.key = random_.Below(kKeys);
    record.value = record_count_;
    TheMachine().StartCount(kinds_.empty() ? 0 : NextGap());
    TheMachine().StartAcquire();
    locks::RunMapOperation(Data().map, record);
  }

  std::vector<FaultKind> kinds_;
  Random random_;
  MachineOptions options_;
  unsigned record_count_ = 0;
  unsigned injected_ = 0;
  unsigned offline_ = 0;
  unsigned tasks_ = 0;
};

std::array<bool, locks::kMapBuckets> StuckBuckets() {
  std::array<bool, locks::kMapBuckets> stuck{};
  for (unsigned bucket = 0; bucket < locks::kMapBuckets; ++bucket) {
    stuck[bucket] = *reinterpret_cast<const std::uint32_t*>(LockAddress(bucket)) != 0;
  }
  return stuck;
}

bool IsLockError(int error) { return error == -EDEADLK || error == -ETIMEDOUT; }

// What the runs of one test saw.
struct Seen {
  unsigned injected = 0;
  unsigned errors = 0;   // of locks, returned by operations
  unsigned effects = 0;  // operations and evictions that took effect
  unsigned hangs = 0;
};

Seen RunMany(std::string_view revision, const std::vector<FaultKind>& kinds, unsigned runs, bool may_hang) {
  Seen seen;
  for (unsigned seed = 1; seed <= runs; ++seed) {
    MapDriver driver("rqspinlock", revision, kinds, seed);
    driver.Run();
    seen.injected += driver.injected();
    const std::array<bool, locks::kMapBuckets> stuck = StuckBuckets();
    if (may_hang && MapDriver::Ended(EventKind::kHang)) {
      ++seen.hangs;
    } else {
      EXPECT_TRUE(MapDriver::Ended(EventKind::kEnd)) << "seed " << seed;
      if (!may_hang) EXPECT_EQ(stuck, (std::array<bool, locks::kMapBuckets>{})) << "seed " << seed;
    }
    for (const MapRecord& record : driver.Records()) {
      if (IsLockError(record.result.error)) ++seen.errors;
      if (record.result.order != 0) ++seen.effects;
      if (record.result.evicted_order != 0) ++seen.effects;
      EXPECT_TRUE(record.result.error == 0 || IsLockError(record.result.error) || record.result.error == -ENOENT ||
                  record.result.error == -ENOMEM)
          << record.result.error;
    }
    EXPECT_EQ(CompareWithModel(Data().map, driver.Records(), stuck), "") << "seed " << seed;
    if (*reinterpret_cast<const std::uint32_t*>(LockAddress(locks::kMapBuckets)) == 0) {
      EXPECT_TRUE(ListIsWhole(Data().map)) << "seed " << seed;
    }
    if (testing::Test::HasFailure()) break;
  }
  return seen;
}

// A CPU that goes offline holds its locks for ever, and what is queued behind it may hang: known limits of the lock.
bool MayHang(FaultKind kind) { return kind == FaultKind::kOffline; }

// A queue head whose claim fails without cause waits for a successor that need not come, but in `proposed`.
std::string_view RevisionThatBears(FaultKind kind) {
  return kind == FaultKind::kSpuriousFailure ? "proposed" : "linux-7.2";
}

class HashMapUnderInjectorTest : public testing::TestWithParam<FaultKind> {};

TEST_P(HashMapUnderInjectorTest, IsLeftUnharmed) {
  const Seen seen = RunMany(RevisionThatBears(GetParam()), {GetParam(), FaultKind::kSwitch}, 300, MayHang(GetParam()));
  EXPECT_GT(seen.injected, 300u);
  EXPECT_GT(seen.effects, 300u);
  EXPECT_GT(seen.errors, 0u);
  EXPECT_LT(seen.hangs, 150u);
}

// Not corruption, under which nothing is promised; and misuse is a matter of callers, which the map's code is here.
INSTANTIATE_TEST_SUITE_P(Injectors, HashMapUnderInjectorTest,
                         testing::Values(FaultKind::kSwitch, FaultKind::kNmi, FaultKind::kHardirq,
                                         FaultKind::kSoftirq, FaultKind::kSteal, FaultKind::kReschedule,
                                         FaultKind::kOffline, FaultKind::kClockJump, FaultKind::kProgram,
                                         FaultKind::kTask, FaultKind::kSpuriousFailure));

TEST(HashMapOnTheMachineTest, IsLeftUnharmedUnderAllOfThemTogether) {
  const Seen seen =
      RunMany("proposed",
              {FaultKind::kSwitch, FaultKind::kSwitch, FaultKind::kNmi, FaultKind::kHardirq, FaultKind::kSoftirq,
               FaultKind::kSteal, FaultKind::kReschedule, FaultKind::kClockJump, FaultKind::kProgram},
              1'000, false);
  EXPECT_GT(seen.errors, 1'000u);
  EXPECT_GT(seen.effects, 1'000u);
}

unsigned Hangs(std::string_view lock, std::string_view revision, std::vector<FaultKind> kinds) {
  unsigned hangs = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    MapDriver driver(lock, revision, kinds, seed);
    driver.Run();
    if (MapDriver::Ended(EventKind::kHang)) ++hangs;
  }
  return hangs;
}

// Without any fault but who runs when: two evictions want each other's bucket. With NMIs: one on top of an operation.
TEST(HashMapOnTheMachineTest, HangsOnAPlainLock) {
  EXPECT_GT(Hangs("qspinlock", "", {FaultKind::kSwitch}), 0u);
  EXPECT_GT(Hangs("qspinlock", "", {FaultKind::kNmi}), 100u);
  EXPECT_EQ(Hangs("rqspinlock", "linux-7.2", {FaultKind::kSwitch}), 0u);
  EXPECT_EQ(Hangs("rqspinlock", "linux-7.2", {FaultKind::kNmi}), 0u);
}

// The model is no rubber stamp: a lost update is seen.
TEST(HashMapOnTheMachineTest, TheModelSeesAWrongValue) {
  MapDriver driver("rqspinlock", "linux-7.2", {}, 1);
  driver.Run();
  std::vector<MapRecord> records = driver.Records();
  ASSERT_EQ(CompareWithModel(Data().map, records), "");
  for (MapRecord& record : records) record.value += 1;
  EXPECT_NE(CompareWithModel(Data().map, records), "");
  records.pop_back();
  EXPECT_NE(CompareWithModel(Data().map, records), "");
}

}  // namespace
}  // namespace rqfuzz
