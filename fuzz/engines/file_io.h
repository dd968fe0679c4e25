// Files, whole. Messages name the file and what the system said of it.
#ifndef FUZZ_ENGINES_FILE_IO_H_
#define FUZZ_ENGINES_FILE_IO_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rqfuzz {

inline constexpr std::size_t kFileBytesMax = 1'000'000;

// The folder that a file stands in; "." if the path names none.
std::string FolderOf(const std::string& path);

// The content of a file of at most kFileBytesMax bytes. Errors: not there, not readable, a folder, too large.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Replaces the file in one step: whoever reads `path` sees all of the old content or all of the new one, even
// after a crash.
absl::Status WriteFile(const std::string& path, std::string_view content);

// The same, but leaves a file that is already there alone. Returns whether the file was written.
absl::StatusOr<bool> WriteNewFile(const std::string& path, std::string_view content);

// Appends a line, in one write, to a file that is created if need be. If the file ends in a line that was cut short,
// that line is ended first.
absl::Status AppendLine(const std::string& path, std::string_view line);

// Creates the folder if its parent exists, and makes sure that files can be created in it.
absl::Status MakeFolder(const std::string& path);
absl::Status CheckFolderIsWritable(const std::string& path);

// Names of the files in a folder, sorted, temporary files of WriteFile() left out.
absl::StatusOr<std::vector<std::string>> ListFiles(const std::string& path);
// Removes what a killed process left of WriteFile() and WriteNewFile(). REQUIRES: nobody writes there now.
void RemoveTemporaryFiles(const std::string& path);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_FILE_IO_H_
