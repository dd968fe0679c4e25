#include "fuzz/play/removal.h"

#include <cstdint>
#include <iterator>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

struct Counts {
  unsigned cpus = 0;
  unsigned locks = 0;
  unsigned acquires = 0;
  unsigned works = 0;
  unsigned retries = 0;
  unsigned special_entry_points = 0;
  std::uint64_t work_ns = 0;
  unsigned faults[kFaultKinds] = {};
  unsigned storms = 0;
  unsigned kept = 0;
  unsigned misuses = 0;
};

Counts CountsOf(const Scenario& scenario) {
  Counts counts{.cpus = scenario.cpu_count, .locks = scenario.lock_count};
  for (const Program& program : scenario.programs) {
    for (const Operation& operation : program) {
      counts.acquires += operation.kind == OperationKind::kAcquire;
      counts.works += operation.kind == OperationKind::kWork;
      counts.retries += operation.retries;
      counts.kept += operation.keeps;
      counts.misuses +=
          operation.unchecked + operation.out_of_order + (operation.kind == OperationKind::kStrayRelease);
      counts.special_entry_points += operation.entry_point != EntryPoint::kRaw;
      counts.work_ns += operation.duration_ns;
    }
  }
  for (const Fault& fault : scenario.faults) {
    ++counts.faults[static_cast<unsigned>(fault.kind)];
    counts.storms += fault.period_ns != 0;
  }
  return counts;
}

}  // namespace

std::vector<std::string> Removed(const Scenario& original, const Scenario& minimal) {
  std::vector<std::string> words;
  const auto compare = [&words](std::uint64_t before, std::uint64_t after, std::string_view one,
                                std::string_view many) {
    if (after >= before) return;
    words.push_back(absl::StrFormat("%d of %d %s", before - after, before, before == 1 ? one : many));
  };
  const Counts before = CountsOf(original);
  const Counts after = CountsOf(minimal);
  compare(before.cpus, after.cpus, "CPU", "CPUs");
  compare(before.locks, after.locks, "lock", "locks");
  compare(before.acquires, after.acquires, "acquire with its release", "acquires with their releases");
  compare(before.works, after.works, "work", "works");
  compare(before.retries, after.retries, "retry", "retries");
  compare(before.special_entry_points, after.special_entry_points, "entry point other than raw",
          "entry points other than raw");
  compare(before.work_ns, after.work_ns, "ns of work", "ns of work");
  constexpr std::string_view kFaultNames[][2] = {{"switch", "switches"},
                                                 {"NMI", "NMIs"},
                                                 {"hardirq", "hardirqs"},
                                                 {"softirq", "softirqs"},
                                                 {"steal", "steals"},
                                                 {"reschedule", "reschedules"},
                                                 {"offline CPU", "offline CPUs"},
                                                 {"clock jump", "clock jumps"},
                                                 {"program", "programs"},
                                                 {"task", "tasks"},
                                                 {"spurious failure", "spurious failures"},
                                                 {"corruption", "corruptions"}};
  static_assert(std::size(kFaultNames) == kFaultKinds);
  for (unsigned i = 0; i < std::size(kFaultNames); ++i) {
    compare(before.faults[i], after.faults[i], kFaultNames[i][0], kFaultNames[i][1]);
  }
  if (HasUnusualTime(original) && !HasUnusualTime(minimal)) words.push_back("the settings of clock and speed");
  if (original.schedule.kind != minimal.schedule.kind) {
    const unsigned switches = after.faults[static_cast<unsigned>(FaultKind::kSwitch)];
    const std::string instead = absl::StrFormat(" (now %d %s)", switches, switches == 1 ? "switch" : "switches");
    words.push_back(absl::StrCat("the drawn schedule", switches == 0 ? "" : instead));
  }
  compare(before.kept, after.kept, "lock kept", "locks kept");
  compare(before.misuses, after.misuses, "misuse", "misuses");
  compare(before.storms, after.storms, "storm (now at most once)", "storms (now at most once)");
  if (original.virtual_machine && !minimal.virtual_machine) words.push_back("the virtual machine");
  if (original.lock_type != minimal.lock_type) {
    words.push_back(
        absl::StrFormat("the build \"%s\" (now \"%s\")", original.lock_type->build, minimal.lock_type->build));
  }
  return words;
}

}  // namespace rqfuzz
