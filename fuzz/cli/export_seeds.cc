// What an engine that only has the fuzz target starts from, for the build contract of OSS-Fuzz, which builds no
// rqfuzz: the zip file of `rqfuzz corpus export`, and a dictionary of the words that stand for locks. Usage:
//   rqfuzz_export_seeds CORPUS ZIP DICTIONARY
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/cli/corpus_export.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/scenario/binary.h"
#include "lock/lock_type.h"

namespace rqfuzz {
namespace {

constexpr std::size_t kLockTypeBytes = 4;  // at the start of the binary form

// In the form that libFuzzer and AFL++ share: one name="bytes" a line.
std::string Dictionary() {
  std::string text = "# The locks, revisions and builds, as the binary form of scenarios has them.\n";
  Scenario scenario;
  Decode({}, scenario);
  for (const locks::LockType& type : locks::AllLockTypes()) {
    scenario.lock_type = &type;
    std::string name =
        absl::StrFormat("%s_%s_%s", std::string(type.name), std::string(type.revision), std::string(type.build));
    for (char& c : name) c = c == '-' || c == '.' ? '_' : c;
    text += name + "=\"";
    const std::vector<std::uint8_t> bytes = Encode(scenario);
    for (std::size_t i = 0; i < kLockTypeBytes; ++i) text += absl::StrFormat("\\x%02x", bytes[i]);
    text += "\"\n";
  }
  return text;
}

ExitStatus Export(const std::string& corpus, const std::string& zip, const std::string& dictionary) {
  absl::Status status = ExportCorpus(corpus, zip).status();
  if (status.ok()) status = WriteFile(dictionary, Dictionary());
  if (status.ok()) return kNothingFound;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return kBadInput;
}

}  // namespace
}  // namespace rqfuzz

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: rqfuzz_export_seeds CORPUS ZIP DICTIONARY\n", stderr);
    return rqfuzz::kBadInput;
  }
  return rqfuzz::Export(argv[1], argv[2], argv[3]);
}
