#include "fuzz/machine/memory.h"

#include <cstring>

#include <gtest/gtest.h>

#include "fuzz/machine/testing/script.h"

namespace rqfuzz {
namespace {

TEST(MemoryTest, LiesWhereItIsSaidToLie) {
  MapMemory();
  MapMemory();  // does nothing
  EXPECT_EQ(LockAddress(0), 0x2000'0000'0000);
  EXPECT_EQ(LockAddress(3) - LockAddress(2), kLockStride);
  Script script(2);
  script.cpus[1] = [] {
    EXPECT_EQ(kernel::smp_processor_id(), 1);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(kernel::per_cpu_ptr(1)), PerCpuAddress(1));
    // A CPU that does not exist has a place of its own, in which nothing else lies.
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(kernel::per_cpu_ptr(200)), PerCpuAddress(kMachineCpusMax));
    const auto address = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    EXPECT_GE(address, StackAddress(1));
    EXPECT_LT(address, StackAddress(1) + kStackBytes);
  };
  script.Run();
}

TEST(MemoryTest, IsZeroWhenAnExecutionBegins) {
  const auto per_cpu_bytes = [] {
    std::size_t end = 0;
    for (const locks::Field& field : Script(1).options.lock_type->per_cpu_fields) {
      end = std::max(end, field.offset + std::size_t{field.stride} * (field.count - 1U) + field.bytes);
    }
    return end;
  }();
  const auto sum = [&] {
    unsigned sum = 0;
    const auto add = [&sum](std::uintptr_t begin, std::size_t bytes) {
      for (std::size_t i = 0; i < bytes; ++i) sum += reinterpret_cast<const volatile std::uint8_t*>(begin)[i];
    };
    for (unsigned lock = 0; lock < 2; ++lock) add(LockAddress(lock), kLockStride);
    for (const unsigned cpu : {0U, 1U, kMachineCpusMax}) add(PerCpuAddress(cpu), per_cpu_bytes);
    return sum;
  };
  Script script(2);
  script.cpus[0] = [&] {
    EXPECT_EQ(sum(), 0);
    for (unsigned lock = 0; lock < 2; ++lock) {
      std::memset(reinterpret_cast<void*>(LockAddress(lock)), 0xff, kLockStride);
    }
    for (const unsigned cpu : {0U, 1U, kMachineCpusMax}) {
      // Of what is not a CPU's own the machine must be told: nobody writes there but by mistake.
      auto* const bytes = reinterpret_cast<std::uint8_t*>(PerCpuAddress(cpu));
      for (std::size_t i = 0; i < per_cpu_bytes; ++i) {
        if (i % 2 == 0) {
          __tsan_atomic8_store(&bytes[i], 0xff, 0);
        } else {
          __tsan_write1(&bytes[i]);
          bytes[i] = 0xff;
        }
      }
    }
    EXPECT_NE(sum(), 0);
  };
  script.Run();
  script.Run();
}

// The execution in between has neither that CPU nor, of any, so much data.
TEST(MemoryTest, IsZeroAfterAnExecutionOfAnotherLockOnFewerCpus) {
  auto* const last_byte_of_nodes = reinterpret_cast<std::uint8_t*>(PerCpuAddress(2) + 315);
  Script dirty(3);
  dirty.cpus[2] = [&] { *last_byte_of_nodes = 1; };
  dirty.Run();
  Script other(2);
  other.options.lock_type = locks::FindLockType("qspinlock", "", "generic");
  other.Run();
  Script again(3);
  again.cpus[2] = [&] { EXPECT_EQ(*last_byte_of_nodes, 0); };
  again.Run();
}

}  // namespace
}  // namespace rqfuzz
