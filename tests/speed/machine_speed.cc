#include "tests/speed/machine_speed.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/context/detail/fcontext.hpp>

#include "fuzz/machine/testing/script.h"

namespace rqfuzz {
namespace {

constexpr std::uint32_t kPoints = 1'000'000;  // in one run: half of what an execution may have
constexpr std::uint32_t kSwitches = 200'000;

// The compiler must not know what is done with the value.
void Use(std::uint32_t value) { asm volatile("" : : "r"(value)); }

[[gnu::noinline]] std::uint32_t PlainLoad(const volatile std::uint32_t* address) { return *address; }

double FloorCallNs() {
  std::uint32_t value = 0;
  return CpuTimeNs([&value] {
           for (std::uint32_t i = 0; i < kPoints; ++i) Use(PlainLoad(&value));
         }) /
         kPoints;
}

double PointNs() {
  Script script(1);
  script.cpus[0] = [] {
    for (std::uint32_t i = 0; i < kPoints; ++i) Use(__tsan_atomic32_load(Word(0), 0));
  };
  return CpuTimeNs([&script] { script.Run(); }) / kPoints;
}

double FloorJumpNs() {
  namespace context = boost::context::detail;
  alignas(16) static std::byte stack[0x4000];
  context::transfer_t other{};
  other.fctx = context::make_fcontext(stack + sizeof(stack), sizeof(stack), [](context::transfer_t back) {
    for (;;) back = context::jump_fcontext(back.fctx, nullptr);
  });
  // There and back is two.
  return CpuTimeNs([&other] {
           for (std::uint32_t i = 0; i < kSwitches; i += 2) other = context::jump_fcontext(other.fctx, nullptr);
         }) /
         kSwitches;
}

// Two CPUs hand on to each other at each of their points.
double SwitchNs() {
  static std::vector<SwitchPoint> switches[2];
  for (std::uint8_t cpu = 0; cpu < 2; ++cpu) {
    switches[cpu].assign(kSwitches / 2 + 1, {});
    for (std::uint32_t i = 0; i < kSwitches / 2; ++i) {
      switches[cpu][i] = {.point = i + 1, .cpu = static_cast<std::uint8_t>(1 - cpu)};
    }
  }
  Script script(2);
  const auto body = [] {
    TheMachine().StartCount(0, switches[hot.cpu].data());
    for (std::uint32_t i = 0; i < kSwitches / 2; ++i) Use(__tsan_atomic32_load(Word(0), 0));
  };
  script.cpus[0] = script.cpus[1] = body;
  const double switch_ns = CpuTimeNs([&script] { script.Run(); }) / kSwitches;
  RQFUZZ_CHECK(TheMachine().steps() == kSwitches && switches[0][kSwitches / 2 - 1].taken);
  return switch_ns;
}

}  // namespace

MachineSpeed MeasureMachine(unsigned runs) {
  MachineSpeed speed;
  for (unsigned run = 0; run < runs; ++run) {
    const double floor_call_ns = FloorCallNs();
    const double point_ns = PointNs();
    const double floor_jump_ns = FloorJumpNs();
    const double switch_ns = SwitchNs();
    speed.floor_call_ns.Add(floor_call_ns);
    speed.floor_jump_ns.Add(floor_jump_ns);
    speed.point_ns.Add(point_ns);
    speed.switch_ns.Add(switch_ns);
    speed.point_ratio.Add(point_ns / floor_call_ns);
    speed.switch_ratio.Add(switch_ns / floor_jump_ns);
  }
  return speed;
}

}  // namespace rqfuzz
