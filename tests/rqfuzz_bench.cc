// What the machine costs: a scheduling point, a switch, a timeout, an execution. Floors, the cheapest conceivable way
// to do the same, stand beside what has one.
#include <benchmark/benchmark.h>

#include <boost/context/detail/fcontext.hpp>

#include "absl/strings/str_cat.h"
#include "fuzz/check.h"
#include "fuzz/engines/player.h"
#include "fuzz/machine/testing/script.h"
#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

constexpr std::uint32_t kPoints = 1'000'000;  // in one run: half of what an execution may have

void Points_Load(benchmark::State& state) {
  Script script(1);
  script.cpus[0] = [] {
    for (std::uint32_t i = 0; i < kPoints; ++i) benchmark::DoNotOptimize(__tsan_atomic32_load(Word(0), 0));
  };
  for (auto _ : state) script.Run();
  state.SetItemsProcessed(state.iterations() * kPoints);
}
BENCHMARK(Points_Load);

void Points_StoreToTable(benchmark::State& state) {
  Script script(1);
  script.cpus[0] = [] {
    auto* const count = reinterpret_cast<volatile std::uint32_t*>(PerCpuAddress(0));
    for (std::uint32_t i = 0; i < kPoints; ++i) __tsan_atomic32_store(count, i, 0);
  };
  for (auto _ : state) script.Run();
  state.SetItemsProcessed(state.iterations() * kPoints);
}
BENCHMARK(Points_StoreToTable);

[[gnu::noinline]] std::uint32_t PlainLoad(const volatile std::uint32_t* address) { return *address; }

void Points_FloorPlainCall(benchmark::State& state) {
  std::uint32_t value = 0;
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < kPoints; ++i) benchmark::DoNotOptimize(PlainLoad(&value));
  }
  state.SetItemsProcessed(state.iterations() * kPoints);
}
BENCHMARK(Points_FloorPlainCall);

// Two CPUs hand on to each other at each point.
void Points_WithSwitch(benchmark::State& state) {
  static constexpr std::uint32_t kSwitches = 100'000;
  Script script(2);
  script.cpus[0] = [] {
    for (std::uint32_t i = 0; i < kSwitches; ++i) {
      TheMachine().StartCount(1);
      benchmark::DoNotOptimize(__tsan_atomic32_load(Word(0), 0));
    }
  };
  script.cpus[1] = script.cpus[0];
  script.on_alarm = [] { TheMachine().Prefer(1 - hot.cpu); };
  for (auto _ : state) script.Run();
  RQFUZZ_CHECK(TheMachine().steps() == 2 * kSwitches);
  state.SetItemsProcessed(state.iterations() * 2 * kSwitches);
}
BENCHMARK(Points_WithSwitch);

void Points_FloorJump(benchmark::State& state) {
  namespace context = boost::context::detail;
  alignas(16) static std::byte stack[0x4000];
  context::transfer_t other{};
  other.fctx = context::make_fcontext(stack + sizeof(stack), sizeof(stack), [](context::transfer_t back) {
    for (;;) back = context::jump_fcontext(back.fctx, nullptr);
  });
  for (auto _ : state) other = context::jump_fcontext(other.fctx, nullptr);
  state.SetItemsProcessed(state.iterations() * 2);  // there and back
}
BENCHMARK(Points_FloorJump);

// `cpus` CPUs that each take lock A and release it `times` times.
Scenario AcquireAndRelease(std::int64_t cpus, std::int64_t times, std::string_view section = "") {
  std::string text = "lock rqspinlock linux-7.2 generic\nlocks 1\n";
  for (std::int64_t cpu = 0; cpu < cpus; ++cpu) {
    absl::StrAppend(&text, "cpu ", cpu, "\n");
    for (std::int64_t i = 0; i < times; ++i) {
      absl::StrAppend(&text, "acquire A\n", std::string(cpu == 0 ? section : ""), "release A\n");
    }
  }
  const auto file = ParseText("benchmark", text);
  RQFUZZ_CHECK(file.ok());
  return file->scenario;
}

void PlayFor(benchmark::State& state, const Scenario& scenario) {
  PlayResult result;
  for (auto _ : state) {
    result = Play(scenario);
    benchmark::DoNotOptimize(result);
  }
  RQFUZZ_CHECK(result.verdict.kind == VerdictKind::kPass);
  state.SetItemsProcessed(state.iterations());
  state.counters["steps"] = static_cast<double>(result.steps);
}

// Arguments: CPUs, sections of each.
void Play_Sections(benchmark::State& state) { PlayFor(state, AcquireAndRelease(state.range(0), state.range(1))); }
BENCHMARK(Play_Sections)->Args({2, 1})->Args({4, 1})->Args({4, 4});

// The same with a section that lets the other CPUs come and wait.
void Play_Contended(benchmark::State& state) {
  PlayFor(state, AcquireAndRelease(state.range(0), state.range(1), "work 1us\n"));
}
BENCHMARK(Play_Contended)->Args({2, 1})->Args({4, 1})->Args({4, 4});

// An execution in which a pending waiter's 250 ms run out.
void Play_Timeout250ms(benchmark::State& state) { PlayFor(state, AcquireAndRelease(2, 1, "work 300ms\n")); }
BENCHMARK(Play_Timeout250ms);

void Decode(benchmark::State& state) {
  const std::vector<std::uint8_t> bytes = Encode(AcquireAndRelease(state.range(0), state.range(1)));
  Scenario scenario;
  for (auto _ : state) {
    rqfuzz::Decode(bytes, scenario);
    benchmark::DoNotOptimize(scenario);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Decode)->Args({2, 1})->Args({4, 4});

}  // namespace
}  // namespace rqfuzz
