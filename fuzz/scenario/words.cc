#include "fuzz/scenario/words.h"

#include <algorithm>
#include <vector>

#include "fuzz/scenario/durations.h"

namespace rqfuzz {
namespace {

constexpr unsigned kLetters = 26;

struct Unit {
  std::string_view name;
  std::uint64_t duration_ns;
};

constexpr std::array<Unit, 4> kUnits = {
    Unit{"s", kSecond_ns}, Unit{"ms", kMillisecond_ns}, Unit{"us", kMicrosecond_ns}, Unit{"ns", 1}};

constexpr std::array<std::string_view, kFaultKinds> kFaultWords = {
    "switch",     "nmi",     "hardirq", "softirq",          "steal",     "reschedule", "offline",
    "clock-jump", "program", "task",    "spurious-failure", "corruption"};

constexpr std::array<std::string_view, static_cast<std::size_t>(kLastScheduleKind) + 1> kScheduleWords = {
    "switches", "uniform", "pct", "pos", "surw"};

// How many letters have to be changed, added or removed to make one word of the other.
std::size_t EditDistance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string LockName(unsigned lock) {
  if (lock < kLetters) return std::string(1, static_cast<char>('A' + lock));
  return "L" + std::to_string(lock);
}

std::optional<unsigned> LockWithName(std::string_view name) {
  for (unsigned lock = 0; lock < kLocksMax; ++lock) {
    if (LockName(lock) == name) return lock;
  }
  return std::nullopt;
}

std::string_view OperationWord(OperationKind kind) {
  constexpr std::array<std::string_view, 4> kWords = {"acquire", "release", "work", "stray-release"};
  return kWords[static_cast<unsigned>(kind)];
}

std::string_view EntryPointWord(EntryPoint entry_point) {
  constexpr std::array<std::string_view, 4> kWords = {"", "irqsave", "bpf", "bpf-irqsave"};
  return kWords[static_cast<unsigned>(entry_point)];
}

std::string_view FaultWord(FaultKind kind) { return kFaultWords[static_cast<unsigned>(kind)]; }

std::span<const std::string_view> FaultWords() { return kFaultWords; }

std::span<const std::string_view> ScheduleWords() { return kScheduleWords; }

std::string_view TracepointWord(MomentKind kind) {
  return kind == MomentKind::kContentionBegin ? "contention-begin" : "contention-end";
}

std::string_view NodeFieldWord(CorruptedPlace place) {
  constexpr std::array<std::string_view, 4> kWords = {"", "next", "locked", "count"};
  return kWords[static_cast<unsigned>(place)];
}

std::string DurationText(std::uint64_t duration_ns) {
  if (duration_ns == 0) return "0ns";
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                  [&](const Unit& u) { return duration_ns % u.duration_ns == 0; });
  return std::to_string(duration_ns / unit->duration_ns) + std::string(unit->name);
}

std::optional<std::uint64_t> UnitWithName_ns(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return unit.duration_ns;
  }
  return std::nullopt;
}

std::string_view NearestWord(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestWord = 32;
  if (word.size() > kLongestWord) return {};
  std::string_view nearest;
  std::size_t fewest = word.size() / 2 + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance >= fewest) continue;
    fewest = distance;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace rqfuzz
