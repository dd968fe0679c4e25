// Room on the disk that a campaign sets aside at its start and gives back when the disk is full: what is found in
// that moment can then still be written.
//
// Invariants: 1. While the reserve is held, kReserveBytes more than what statvfs() calls free can be had.
#ifndef FUZZ_ENGINES_DISK_RESERVE_H_
#define FUZZ_ENGINES_DISK_RESERVE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace rqfuzz {

inline constexpr std::uint64_t kReserveBytes = 1 << 20;
// With less than this left, campaigns stop: engines do not notice when a file of theirs cannot be written.
inline constexpr std::uint64_t kFreeBytesMin = 2 << 20;

class DiskReserve {
 public:
  // `folder` exists.
  explicit DiskReserve(std::string folder) : folder_(std::move(folder)) {}

  // Sets the room aside. Errors: it is not there, or then not kFreeBytesMin more.
  absl::Status Hold() const;
  // Gives it back.
  void Release() const;
  // Whether fewer than kFreeBytesMin are left.
  bool IsAlmostFull() const;

 private:
  std::string Path() const { return folder_ + "/reserve"; }

  std::string folder_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_DISK_RESERVE_H_
