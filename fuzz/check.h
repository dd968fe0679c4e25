// Assertions that stay on in release builds. Off the hot path only.
#ifndef FUZZ_CHECK_H_
#define FUZZ_CHECK_H_

#include <cstdio>
#include <cstdlib>

// Ends the process with a message when `condition` does not hold: the tool itself is wrong.
#define RQFUZZ_CHECK(condition)                                                             \
  do {                                                                                      \
    if (!(condition)) [[unlikely]] {                                                        \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition);    \
      std::abort();                                                                         \
    }                                                                                       \
  } while (false)

#endif  // FUZZ_CHECK_H_
