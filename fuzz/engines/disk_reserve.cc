#include "fuzz/engines/disk_reserve.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "absl/strings/str_format.h"

namespace rqfuzz {

absl::Status DiskReserve::Hold() const {
  const int file = open(Path().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  const int error = file < 0 ? errno : posix_fallocate(file, 0, kReserveBytes);
  if (file >= 0) close(file);
  if (error == 0 && !IsAlmostFull()) return absl::OkStatus();
  Release();
  return absl::InvalidArgumentError(absl::StrFormat("%s: no room for a campaign, which needs %d MB to begin with: %s",
                                                    folder_, (kReserveBytes + kFreeBytesMin) >> 20,
                                                    std::strerror(error == 0 ? ENOSPC : error)));
}

void DiskReserve::Release() const { unlink(Path().c_str()); }

bool DiskReserve::IsAlmostFull() const {
  struct statvfs system = {};
  if (statvfs(folder_.c_str(), &system) != 0) return false;
  return static_cast<std::uint64_t>(system.f_bavail) * system.f_frsize < kFreeBytesMin;
}

}  // namespace rqfuzz
