#include "fuzz/engines/file_io.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kTemporaryPrefix = ".rqfuzz-tmp-";
constexpr std::size_t kReadBytes = 16'384;  // at a time

absl::Status Error(const std::string& path, std::string_view what, int error) {
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s: %s", path, what, std::strerror(error)));
}

// Closes the descriptor at the end of the scope.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Writes a temporary file next to `path`, to be given its name afterwards.
absl::StatusOr<std::string> WriteTemporary(const std::string& path, std::string_view content, Sync sync) {
  const std::string temporary = TemporaryPath(FolderOf(path));
  const Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (file.get() < 0) return Error(path, "cannot be written", errno);
  if (!WriteAll(file.get(), content) || (sync == Sync::kNow && fsync(file.get()) != 0)) {
    const int error = errno;
    unlink(temporary.c_str());
    return Error(path, "cannot be written", error);
  }
  return temporary;
}

// Names survive a crash of the system only once the folder that holds them is on disk.
void SyncFolderOf(const std::string& path) {
  const Descriptor folder(open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) fsync(folder.get());
}

// Names of the entries that are wanted, sorted.
absl::StatusOr<std::vector<std::string>> List(
    const std::string& path, absl::FunctionRef<bool(const std::filesystem::directory_entry&, bool)> is_wanted) {
  std::error_code error;
  std::filesystem::directory_iterator entries(path, error);
  std::vector<std::string> names;
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    std::string name = entries->path().filename().string();
    if (is_wanted(*entries, name.starts_with(kTemporaryPrefix))) names.push_back(std::move(name));
  }
  if (error) return Error(path, "this folder cannot be read", error.value());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string TemporaryPath(const std::string& folder) {
  static std::uint64_t counter = 0;
  return absl::StrFormat("%s/%s%d-%d", folder, kTemporaryPrefix, getpid(), counter++);
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Error(path, "cannot be read", errno);
  // Most files are small, and a campaign reads thousands: not more memory than is needed is touched.
  std::string content;
  std::size_t size = 0;
  while (size <= kFileBytesMax) {
    content.resize(std::min(size + kReadBytes, kFileBytesMax + 1));
    const ssize_t count = read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error(path, "cannot be read", errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > kFileBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: larger than %d bytes, so this is no scenario", path, kFileBytesMax));
  }
  content.resize(size);
  return content;
}

absl::Status WriteFile(const std::string& path, std::string_view content, Sync sync) {
  const absl::StatusOr<std::string> temporary = WriteTemporary(path, content, sync);
  if (!temporary.ok()) return temporary.status();
  if (rename(temporary->c_str(), path.c_str()) == 0) {
    if (sync == Sync::kNow) SyncFolderOf(path);
    return absl::OkStatus();
  }
  const int error = errno;
  unlink(temporary->c_str());
  return Error(path, "cannot be written", error);
}

absl::StatusOr<bool> WriteNewFile(const std::string& path, std::string_view content) {
  const absl::StatusOr<std::string> temporary = WriteTemporary(path, content, Sync::kNow);
  if (!temporary.ok()) return temporary.status();
  const int error = link(temporary->c_str(), path.c_str()) == 0 ? 0 : errno;
  unlink(temporary->c_str());
  SyncFolderOf(path);
  if (error != 0 && error != EEXIST) return Error(path, "cannot be written", error);
  return error == 0;
}

absl::Status AppendLine(const std::string& path, std::string_view line) {
  const Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (file.get() < 0) return Error(path, "cannot be written", errno);
  const off_t size = lseek(file.get(), 0, SEEK_END);
  char last = '\n';
  const bool is_cut_short = size > 0 && pread(file.get(), &last, 1, size - 1) == 1 && last != '\n';
  if (!WriteAll(file.get(), absl::StrFormat("%s%s\n", is_cut_short ? "\n" : "", line))) {
    return Error(path, "cannot be written", errno);
  }
  return absl::OkStatus();
}

absl::Status CheckFolderIsWritable(const std::string& path) {
  const std::string probe = TemporaryPath(path);
  const Descriptor file(open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (file.get() < 0) return Error(path, "no file can be created in this folder", errno);
  unlink(probe.c_str());
  return absl::OkStatus();
}

absl::Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) {
    return Error(path, "this folder cannot be created", errno);
  }
  return CheckFolderIsWritable(path);
}

absl::StatusOr<std::vector<std::string>> ListFiles(const std::string& path) {
  return List(path, [](const std::filesystem::directory_entry& entry, bool is_temporary) {
    std::error_code vanished;
    return !is_temporary && entry.is_regular_file(vanished);
  });
}

absl::StatusOr<std::vector<std::string>> ListFolders(const std::string& path) {
  return List(path, [](const std::filesystem::directory_entry& entry, bool is_temporary) {
    std::error_code vanished;
    return !is_temporary && entry.is_directory(vanished);
  });
}

absl::StatusOr<std::vector<std::string>> ListTemporaryFolders(const std::string& path) {
  return List(path, [](const std::filesystem::directory_entry& entry, bool is_temporary) {
    std::error_code vanished;
    return is_temporary && entry.is_directory(vanished);
  });
}

void RemoveTemporaryFiles(const std::string& path) {
  std::error_code error;
  std::filesystem::directory_iterator entries(path, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::filesystem::path& file = entries->path();
    if (file.filename().string().starts_with(kTemporaryPrefix)) unlink(file.c_str());
  }
}

}  // namespace rqfuzz
