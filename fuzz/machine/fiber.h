// A stack to run on and the way to jump between stacks, plus what AddressSanitizer wants to know about each jump.
//
// A jump is what a switch between CPUs costs at the least, and Boost's saves the modes of the floating-point units as
// well, which nobody here changes: that alone was two fifths of a switch. Here the compiler is told that every register
// is lost, so it keeps across a jump what it still needs and no more.
//
// Invariants:
//  1. A fiber that is not running has in `resume` where it goes on; in the running one that means nothing.
//  2. Nothing is destroyed when a fiber is abandoned: Start() begins anew on the same stack.
// Only Machine calls this.
#ifndef FUZZ_MACHINE_FIBER_H_
#define FUZZ_MACHINE_FIBER_H_

#include <cstddef>
#include <cstdint>

#include "fuzz/check.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RQFUZZ_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#endif

#ifndef __x86_64__
#error "Fiber::Jump() is written for x86-64; another processor needs its own"
#endif

namespace rqfuzz {

struct Fiber {
  // The order matters to Jump().
  struct Resume {
    void* code = nullptr;
    void* stack_pointer = nullptr;
    void* frame_pointer = nullptr;
    std::uint64_t rbx = 0;
  };
  Resume resume;
  std::byte* stack = nullptr;  // lowest byte; the host's own fiber has none
  std::size_t stack_bytes = 0;
#ifdef RQFUZZ_ASAN
  void* fake_stack = nullptr;
  static inline Fiber* left = nullptr;  // the one that has jumped last
#endif

  // Never returns.
  using Main = void (*)();

  // Prepares the fiber to run `main` from its start. REQUIRES: it has a stack, whose end is a multiple of 16.
  void Start(Main main) {
#ifdef RQFUZZ_ASAN
    __asan_unpoison_memory_region(stack, stack_bytes);
    fake_stack = nullptr;
#endif
    // As if `main` had just been called: by nobody, which is where a debugger's list of callers ends.
    auto** const top = reinterpret_cast<void**>(stack + stack_bytes) - 1;
    RQFUZZ_CHECK(reinterpret_cast<std::uintptr_t>(top) % 16 == 8);
    *top = nullptr;
    resume = {.code = reinterpret_cast<void*>(main), .stack_pointer = top};
  }

  // Leaves `from`, the fiber that runs, for `to`; returns when somebody jumps back.
  [[gnu::always_inline]] static void Jump(Fiber& from, Fiber& to) {
#ifdef RQFUZZ_ASAN
    left = &from;
    __sanitizer_start_switch_fiber(&from.fake_stack, to.stack, to.stack_bytes);
#endif
    Resume* leaving = &from.resume;
    Resume* going_on = &to.resume;
    // No compiler lets go of rbp and rbx always, so those two are saved here. The stacks are not touched: what lies
    // below a stack pointer may be in use.
    asm volatile(
        "leaq 1f(%%rip), %%rax\n\t"
        "movq %%rax, (%0)\n\t"
        "movq %%rsp, 8(%0)\n\t"
        "movq %%rbp, 16(%0)\n\t"
        "movq %%rbx, 24(%0)\n\t"
        "movq 8(%1), %%rsp\n\t"
        "movq 16(%1), %%rbp\n\t"
        "movq 24(%1), %%rbx\n\t"
        "jmpq *(%1)\n"
        "1:"
        : "+D"(leaving), "+S"(going_on)
        :
        : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3",
          "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "cc",
          "memory");
#ifdef RQFUZZ_ASAN
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
  }

  // A fiber's main calls it first: completes the jump to it. Notes the host's stack.
  static void FinishFirstJump() {
#ifdef RQFUZZ_ASAN
    const void* bottom = nullptr;
    std::size_t bytes = 0;
    __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
    if (left->stack == nullptr) {
      left->stack = static_cast<std::byte*>(const_cast<void*>(bottom));
      left->stack_bytes = bytes;
    }
#endif
  }
};

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_FIBER_H_
