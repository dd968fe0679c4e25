// No execution allocates memory once its like has been played (groundwork of speed: an allocation costs as much as a
// dozen scheduling points). Counted by replacing the operators through which all of C++ allocates.
#include <cstddef>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "fuzz/play/player.h"
#include "tests/random_inputs.h"

namespace {

std::size_t g_allocations = 0;

}  // namespace

void* operator new(std::size_t bytes) {
  ++g_allocations;
  void* const memory = std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace rqfuzz {
namespace {

TEST(AllocationTest, TheCounterCounts) {
  const std::size_t before = g_allocations;
  operator delete(operator new(1));
  EXPECT_EQ(g_allocations, before + 1);
}

TEST(AllocationTest, NoPassingExecutionAllocates) {
  unsigned passed = 0;
  for (unsigned index = 0; index < 300; ++index) {
    const Scenario scenario = RandomInput(index);
    if (Play(scenario).verdict.kind != VerdictKind::kPass) continue;
    const std::size_t before = g_allocations;
    Play(scenario);
    EXPECT_EQ(g_allocations, before) << "input " << index;
    ++passed;
  }
  EXPECT_GT(passed, 50u);
}

}  // namespace
}  // namespace rqfuzz
