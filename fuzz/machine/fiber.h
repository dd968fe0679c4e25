// A stack to run on and the way to jump between stacks: Boost.Context without its allocation, plus what
// AddressSanitizer wants to know about each jump.
//
// Invariants:
//  1. A fiber that is not running has its continuation in `context`; the running one has nothing there.
//  2. Nothing is destroyed when a fiber is abandoned: Start() begins anew on the same stack.
// Only Machine calls this.
#ifndef FUZZ_MACHINE_FIBER_H_
#define FUZZ_MACHINE_FIBER_H_

#include <cstddef>

#include <boost/context/detail/fcontext.hpp>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RQFUZZ_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#endif

namespace rqfuzz {

struct Fiber {
  boost::context::detail::fcontext_t context = nullptr;
  std::byte* stack = nullptr;  // lowest byte; the host's own fiber has none
  std::size_t stack_bytes = 0;
#ifdef RQFUZZ_ASAN
  void* fake_stack = nullptr;
#endif

  using Main = void (*)(boost::context::detail::transfer_t);

  // Prepares the fiber to run `main` from its start. REQUIRES: it has a stack.
  void Start(Main main) {
#ifdef RQFUZZ_ASAN
    __asan_unpoison_memory_region(stack, stack_bytes);
    fake_stack = nullptr;
#endif
    context = boost::context::detail::make_fcontext(stack + stack_bytes, stack_bytes, main);
  }

  // Leaves `from`, the fiber that runs, for `to`; returns when somebody jumps back.
  static void Jump(Fiber& from, Fiber& to) {
#ifdef RQFUZZ_ASAN
    __sanitizer_start_switch_fiber(&from.fake_stack, to.stack, to.stack_bytes);
#endif
    Arrive(boost::context::detail::jump_fcontext(to.context, &from));
#ifdef RQFUZZ_ASAN
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
  }

  // Notes where the fiber that jumped here can be continued. A fiber's main calls it first.
  static void Arrive(boost::context::detail::transfer_t transfer) {
    static_cast<Fiber*>(transfer.data)->context = transfer.fctx;
  }

  // To be called by a fiber's main after Arrive(): completes the first jump to it. Notes the host's stack.
  static void FinishFirstJump([[maybe_unused]] boost::context::detail::transfer_t transfer) {
#ifdef RQFUZZ_ASAN
    const void* bottom = nullptr;
    std::size_t bytes = 0;
    __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
    Fiber* from = static_cast<Fiber*>(transfer.data);
    if (from->stack == nullptr) {
      from->stack = static_cast<std::byte*>(const_cast<void*>(bottom));
      from->stack_bytes = bytes;
    }
#endif
  }
};

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_FIBER_H_
