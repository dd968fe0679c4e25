// What a command's exit status says.
#ifndef FUZZ_ENGINES_EXIT_STATUS_H_
#define FUZZ_ENGINES_EXIT_STATUS_H_

namespace rqfuzz {

enum ExitStatus : int {
  kNothingFound = 0,
  kBadInput = 1,    // bad usage, unreadable or invalid files
  kToolFailed = 2,  // rqfuzz itself went wrong
  kFound = 77,      // as libFuzzer's
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_EXIT_STATUS_H_
