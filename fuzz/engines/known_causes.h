// Findings that are understood and kept with their scenario in corpus/: discoveries, which campaigns show as known
// and on which the stock fuzz target does not crash; and the bugs of the catalogue, by which findings are named.
#ifndef FUZZ_ENGINES_KNOWN_CAUSES_H_
#define FUZZ_ENGINES_KNOWN_CAUSES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "fuzz/oracles/verdict.h"
#include "lock/lock_type.h"

namespace rqfuzz {

struct KnownCause {
  std::string lock;
  std::string revision;  // "*": every one
  std::string oracle;
  std::string cause;
  std::string file;  // for people: "corpus/discoveries/x.rqs"
};

class KnownCauses {
 public:
  // What the lines `expect REVISION finding ORACLE CAUSE` of the .rqs files in corpus/discoveries/ of the source
  // tree say; where the source tree is gone, those in the folder discoveries beside the program. No such folder:
  // nothing is known. Errors: a file that cannot be parsed.
  static absl::StatusOr<KnownCauses> Load();
  // The same of corpus/upstream/, where each file is named for a bug of the catalogue.
  static absl::StatusOr<KnownCauses> LoadUpstream();
  // The same from any folder; `shown_as` stands for its name in `file`.
  static absl::StatusOr<KnownCauses> LoadFrom(const std::string& folder, std::string_view shown_as);

  // The entry for this finding, or nullptr.
  const KnownCause* Find(const locks::LockType& type, std::string_view oracle, std::string_view cause) const;

  // The name of the file of that entry without folder and extension; empty: there is none.
  std::string NameOf(const locks::LockType& type, std::string_view oracle, std::string_view cause) const;

  const std::vector<KnownCause>& all() const { return causes_; }

 private:
  std::vector<KnownCause> causes_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_KNOWN_CAUSES_H_
