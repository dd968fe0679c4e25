#include "lock/native/threads.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>

namespace locks::native {

constinit thread_local ThisThread this_thread;
PerCpuBlock per_cpu_blocks[kernel::kMaxCpus];
constinit std::atomic<unsigned> cpu_ids = 0;
constinit std::atomic<bool> virtual_machine = false;

namespace {

constinit std::atomic<bool> slot_taken[kernel::kMaxCpus];

// How often each CPU was kicked, and how often it knew when it last halted.
struct alignas(64) Kicks {
  std::atomic<std::uint32_t> sent = 0;
  std::uint32_t seen = 0;
};
constinit Kicks kicks[kernel::kMaxCpus];

[[noreturn]] void die(const char* message) {
  std::fputs(message, stderr);
  std::abort();
}

// Other CPUs may be reading: a look for deadlocks goes over all slots.
void clear_per_cpu_data(unsigned cpu) {
  auto* words = reinterpret_cast<std::uint64_t*>(per_cpu_blocks[cpu].bytes);
  for (std::size_t i = 0; i < kernel::kPerCpuBytes / sizeof(std::uint64_t); ++i) {
    __atomic_store_n(&words[i], 0, __ATOMIC_RELAXED);
  }
}

unsigned take_slot() {
  for (unsigned cpu = 0; cpu < kernel::kMaxCpus; ++cpu) {
    if (!slot_taken[cpu].exchange(true, std::memory_order_acquire)) return cpu;
  }
  die("rqspinlock: more than 256 threads are registered\n");
}

long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
  return syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

}  // namespace

void thread_is_not_registered() {
  die("rqspinlock: this thread takes a lock and is not registered; see lock/native/threads.h\n");
}

RegisteredThread::RegisteredThread() {
  if (this_thread.cpu != kernel::kMaxCpus) die("rqspinlock: this thread is registered already\n");
  const unsigned cpu = take_slot();
  clear_per_cpu_data(cpu);
  unsigned ids = cpu_ids.load(std::memory_order_relaxed);
  while (ids <= cpu && !cpu_ids.compare_exchange_weak(ids, cpu + 1, std::memory_order_relaxed)) {
  }
  this_thread.cpu = cpu;
}

RegisteredThread::~RegisteredThread() {
  const unsigned cpu = this_thread.cpu;
  this_thread.cpu = kernel::kMaxCpus;
  slot_taken[cpu].store(false, std::memory_order_release);
}

}  // namespace locks::native

namespace kernel {

void* shared_area() {
  alignas(64) static std::byte area[kSharedBytes];
  return area;
}

void pv_wait(const std::uint8_t* byte, std::uint8_t value) {
  locks::native::Kicks& own = locks::native::kicks[smp_processor_id()];
  const std::uint32_t sent = own.sent.load(std::memory_order_acquire);
  if (sent == own.seen && __atomic_load_n(byte, __ATOMIC_ACQUIRE) == value) {
    locks::native::futex(own.sent, FUTEX_WAIT, sent);
  }
  own.seen = own.sent.load(std::memory_order_acquire);
}

void pv_kick(unsigned cpu) {
  std::atomic<std::uint32_t>& sent = locks::native::kicks[cpu].sent;
  sent.fetch_add(1, std::memory_order_release);
  locks::native::futex(sent, FUTEX_WAKE, INT_MAX);
}

}  // namespace kernel
