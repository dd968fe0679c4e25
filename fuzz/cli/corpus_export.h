// A corpus as a zip file of seeds, as OSS-Fuzz and ClusterFuzzLite want it beside a fuzz target.
#ifndef FUZZ_CLI_CORPUS_EXPORT_H_
#define FUZZ_CLI_CORPUS_EXPORT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace rqfuzz {

// Writes every scenario in `folder` and the folders below it, in binary form, to the zip file `to`, each once;
// returns how many there are. The same scenarios give the same bytes. Errors: no folder or no scenario in it, one
// that cannot be read or parsed, a file that cannot be written; then `to` is as it was.
absl::StatusOr<std::size_t> ExportCorpus(const std::string& folder, const std::string& to);

}  // namespace rqfuzz

#endif  // FUZZ_CLI_CORPUS_EXPORT_H_
