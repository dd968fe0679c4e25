#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/scenario/fault_parser.h"
#include "fuzz/scenario/lexer.h"
#include "fuzz/scenario/line_reader.h"
#include "fuzz/scenario/text.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::array<std::string_view, 25> kStatements = {
    "expect",  "lock",       "virtual-machine",  "locks",      "cpu",     "acquire",
    "release", "keep",       "stray-release",    "work",       "nmi",     "hardirq",
    "softirq", "steal",      "reschedule",       "switch",     "program", "task",
    "offline", "clock-jump", "spurious-failure", "corruption", "clock",   "slow",
    "schedule"};
constexpr std::array<std::string_view, 5> kVerdicts = {"pass", "finding", "limit", "caller", "machine"};
constexpr std::array<std::string_view, 3> kEntryPoints = {"irqsave", "bpf", "bpf-irqsave"};

constexpr const char* kLockLine = "begin with a line like 'lock rqspinlock linux-7.2 generic'";

void AddOnce(std::string_view word, Words& words) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

// Reads the lines in order. The parts of a file have an order; `part_` is the one that the last line belonged to.
class Parser {
 public:
  explicit Parser(TextError& error) : error_(error), faults_(file_.scenario, error) {}

  bool Parse(std::string_view text) {
    bool at_top = true;
    Line line;
    for (unsigned number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view content = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (content.ends_with('\r')) content.remove_suffix(1);
      line = SplitLine(content, number);
      end_ = {number, static_cast<unsigned>(content.size() + 1)};
      if (line.is_comment && at_top) {
        if (line.comment.starts_with(' ')) line.comment.remove_prefix(1);
        file_.comments.emplace_back(line.comment);
      } else if (!line.is_comment && !(line.tokens.empty() && file_.comments.empty())) {
        at_top = false;
      }
      if (!line.tokens.empty() && !ParseLine(line)) return false;
    }
    return Finish();
  }

  ScenarioFile Take() { return std::move(file_); }

 private:
  enum class Part { kExpectations, kLock, kVirtualMachine, kLocks, kCpus, kFaults };

  struct OpenLock {
    std::uint8_t lock;
    Position position;
    bool keeps_inside = false;
  };

  bool ParseLine(const Line& line) {
    LineReader reader(line, error_);
    const Position position = reader.position();
    const std::string_view word = reader.Peek();
    if (std::find(kStatements.begin(), kStatements.end(), word) == kStatements.end()) {
      return reader.FailUnknown(kStatements);
    }
    if (!CheckOrder(word, position)) return false;
    if (IsOperation(word)) return ParseOperation(reader);
    if (!EndProgram()) return false;
    const bool parsed = part_ == Part::kFaults ? faults_.Parse(reader, program_) : ParseDeclaration(reader);
    return parsed && reader.TakeEnd();
  }

  bool ParseDeclaration(LineReader& reader) {
    std::string_view word;
    if (!reader.TakeAny("a word", word)) return false;
    if (word == "expect") return ParseExpectation(reader);
    if (word == "lock") return ParseLockType(reader);
    if (word == "virtual-machine") return file_.scenario.virtual_machine = true;
    if (word == "cpu") return ParseCpu(reader);
    unsigned locks = 0;
    if (!reader.TakeNumber("locks", 1, kLocksMax, locks)) return false;
    file_.scenario.lock_count = static_cast<std::uint8_t>(locks);
    return true;
  }

  // Moves on to the part that a line beginning with `word` belongs to, if that is allowed here.
  bool CheckOrder(std::string_view word, Position position) {
    const std::string name = Quoted(word);
    if (IsOperation(word)) {
      if (program_ != nullptr) return true;
      if (part_ < Part::kCpus) return FailBeforeCpus(position, name);
      return Fail(position, name + " belongs to no program", "move it under a 'cpu' line or under an interrupt");
    }
    const Part part = PartOf(word);
    if (part_ > part) {
      return Fail(position, name + " comes too late",
                  "the order is: expect, lock, virtual-machine, locks, cpu, then interrupts and other faults");
    }
    if (part_ == part && (part == Part::kLock || part == Part::kVirtualMachine || part == Part::kLocks)) {
      return Fail(position, "a second " + name + " line", "remove one of them");
    }
    if (part > Part::kLock && part_ < Part::kLock) return Fail(position, "the 'lock' line is missing", kLockLine);
    if (part > Part::kLocks && part_ < Part::kLocks) {
      return Fail(position, "the 'locks' line is missing", "add a line like 'locks 1' before this one");
    }
    if (part == Part::kFaults && part_ < Part::kCpus) return FailBeforeCpus(position, name);
    part_ = part;
    return true;
  }

  bool FailBeforeCpus(Position position, const std::string& name) {
    if (part_ < Part::kLock) return Fail(position, "the 'lock' line is missing", kLockLine);
    return Fail(position, name + " comes before the first CPU", "add a line 'cpu 0' before it");
  }

  static bool IsOperation(std::string_view word) {
    return word == "acquire" || word == "release" || word == "keep" || word == "stray-release" || word == "work";
  }

  static Part PartOf(std::string_view word) {
    if (word == "expect") return Part::kExpectations;
    if (word == "lock") return Part::kLock;
    if (word == "virtual-machine") return Part::kVirtualMachine;
    if (word == "locks") return Part::kLocks;
    return word == "cpu" ? Part::kCpus : Part::kFaults;
  }

  bool ParseExpectation(LineReader& reader) {
    Expectation expectation;
    expectation_positions_.push_back(reader.position());
    std::string_view revision;
    std::size_t verdict = 0;
    if (!reader.TakeAny("a revision, or *", revision) || !reader.TakeOneOf(kVerdicts, verdict)) return false;
    expectation.revision = revision;
    expectation.verdict = kVerdicts[verdict];
    std::string_view word;
    if (!reader.AtEnd() && reader.TakeAny("an oracle", word)) expectation.oracle = word;
    if (!reader.AtEnd() && reader.TakeAny("a cause", word)) expectation.cause = word;
    file_.expectations.push_back(expectation);
    return true;
  }

  // lock NAME [REVISION] BUILD
  bool ParseLockType(LineReader& reader) {
    Words names, revisions, builds;
    const Position position = reader.position();
    std::string_view name, revision, build;
    for (const locks::LockType& type : locks::AllLockTypes()) AddOnce(type.name, names);
    if (!TakeKnown(reader, "lock", names, name)) return false;
    for (const locks::LockType& type : locks::AllLockTypes()) {
      if (type.name == name) AddOnce(type.revision, revisions);
    }
    if (revisions.front().empty()) {
      revision = revisions.front();
    } else if (!TakeKnown(reader, "revision", revisions, revision)) {
      return false;
    }
    for (const locks::LockType& type : locks::AllLockTypes()) {
      if (type.name == name && type.revision == revision) AddOnce(type.build, builds);
    }
    if (!TakeKnown(reader, "build", builds, build)) return false;
    file_.scenario.lock_type = locks::FindLockType(name, revision, build);
    if (file_.scenario.lock_type == nullptr) return Fail(position, "unknown lock", "known: " + Listed(names));
    return CheckExpectations(revisions);
  }

  bool TakeKnown(LineReader& reader, const std::string& kind, const Words& known, std::string_view& word) {
    const Position position = reader.position();
    if (!reader.TakeAny("a " + kind + ": " + Listed(known), word)) return false;
    if (std::find(known.begin(), known.end(), word) != known.end()) return true;
    return Fail(position, "unknown " + kind + " " + Quoted(word), "known: " + Listed(known));
  }

  bool CheckExpectations(Words revisions) {
    if (revisions.front().empty()) revisions.clear();
    revisions.push_back("*");
    for (std::size_t i = 0; i < file_.expectations.size(); ++i) {
      const std::string& revision = file_.expectations[i].revision;
      if (std::find(revisions.begin(), revisions.end(), revision) != revisions.end()) continue;
      return Fail(expectation_positions_[i], "unknown revision " + Quoted(revision), "known: " + Listed(revisions));
    }
    return true;
  }

  bool ParseCpu(LineReader& reader) {
    const Position position = reader.position();
    unsigned cpu = 0;
    if (!reader.TakeNumber("CPU", 0, kCpusMax - 1, cpu)) return false;
    const std::string name = "CPU " + std::to_string(cpu);
    if (cpu < cpus_) return Fail(position, name + " is already declared", "give this one the number " + Next());
    if (cpu > cpus_) return Fail(position, name + " comes too early", "CPUs are in order; the next is " + Next());
    file_.scenario.cpu_count = static_cast<std::uint8_t>(++cpus_);
    program_ = &file_.scenario.programs[cpu];
    return true;
  }

  std::string Next() const { return std::to_string(cpus_); }

  bool ParseOperation(LineReader& reader) {
    Operation operation;
    const Position position = reader.position();
    if (reader.TryWord("work")) {
      if (!reader.TakeDuration(operation.duration_ns)) return false;
    } else if (reader.TryWord("acquire")) {
      operation.kind = OperationKind::kAcquire;
      if (!ParseAcquire(reader, operation)) return false;
      open_.push_back({.lock = operation.lock, .position = position});
    } else if (reader.TryWord("stray-release")) {
      operation.kind = OperationKind::kStrayRelease;
      if (!reader.TakeLock(file_.scenario.lock_count, operation.lock)) return false;
      if (!reader.AtEnd() && !ParseEntryPoint(reader, operation)) return false;
    } else {
      operation.keeps = reader.TryWord("keep") || !reader.TryWord("release");
      operation.kind = OperationKind::kRelease;
      if (!ParseRelease(reader, operation)) return false;
    }
    if (program_->size() == kOperationsMax) {
      return Fail(position, "too many operations in this program", "at most " + std::to_string(kOperationsMax));
    }
    program_->push_back(operation);
    return reader.TakeEnd();
  }

  bool ParseAcquire(LineReader& reader, Operation& operation) {
    if (!reader.TakeLock(file_.scenario.lock_count, operation.lock)) return false;
    if (!reader.AtEnd() && reader.Peek() != "retry" && reader.Peek() != "unchecked") {
      if (!ParseEntryPoint(reader, operation)) return false;
    }
    unsigned retries = 0;
    if (reader.TryWord("retry") && !reader.TakeNumber("retries", 1, kRetriesMax, retries)) return false;
    operation.retries = static_cast<std::uint8_t>(retries);
    operation.unchecked = reader.TryWord("unchecked");
    return true;
  }

  static bool ParseEntryPoint(LineReader& reader, Operation& operation) {
    std::size_t entry_point = 0;
    if (!reader.TakeOneOf(kEntryPoints, entry_point)) return false;
    operation.entry_point = static_cast<EntryPoint>(entry_point + 1);
    return true;
  }

  bool ParseRelease(LineReader& reader, Operation& operation) {
    const Position position = reader.position();
    if (!reader.TakeLock(file_.scenario.lock_count, operation.lock)) return false;
    const std::string name = LockName(operation.lock);
    const auto held = [&](const OpenLock& open) { return open.lock == operation.lock; };
    if (std::none_of(open_.begin(), open_.end(), held)) {
      return Fail(position, "lock " + name + " is not held here", "acquire it first, or remove this line");
    }
    operation.out_of_order = !operation.keeps && reader.TryWord("out-of-order");
    const OpenLock* closed = &open_.back();
    if (operation.out_of_order) {
      closed = open_.size() < 2 ? nullptr : &open_[open_.size() - 2];
      if (closed == nullptr || closed->lock != operation.lock) {
        return Fail(position, "lock " + name + " is not the innermost lock but one held here",
                    "only two releases that follow each other can be exchanged");
      }
      if (open_.back().keeps_inside) closed = &open_.back();
    } else if (const std::string innermost = LockName(open_.back().lock); innermost != name) {
      return Fail(position, "lock " + name + " is not the innermost lock held here",
                  "release " + innermost + " first");
    }
    if (operation.keeps && program_ - file_.scenario.programs.data() >= static_cast<std::ptrdiff_t>(kCpusMax)) {
      return Fail(position, "an interrupt, a program or a task cannot keep a lock", "write 'release " + name + "'");
    }
    if (closed->keeps_inside && !operation.keeps) {
      return Fail(position, "lock " + name + " is released around one that is kept", "write 'keep " + name + "'");
    }
    open_.erase(open_.end() - (operation.out_of_order ? 2 : 1));
    if (operation.keeps && !open_.empty()) open_.back().keeps_inside = true;
    return true;
  }

  bool EndProgram() {
    program_ = nullptr;
    if (open_.empty()) return true;
    const std::string name = LockName(open_.back().lock);
    return Fail(open_.back().position, "lock " + name + " is never released",
                "add 'release " + name + "' at the end of its program");
  }

  bool Finish() {
    if (!EndProgram()) return false;
    if (part_ == Part::kExpectations) {
      const bool nothing = file_.expectations.empty() && file_.comments.empty();
      return Fail(end_, nothing ? "the file is empty" : "the 'lock' line is missing", kLockLine);
    }
    if (part_ < Part::kCpus) return Fail(end_, "there is no CPU", "add a 'locks' line, then 'cpu 0' and its program");
    return faults_.Finish();
  }

  bool Fail(Position position, std::string what, std::string mend) {
    error_ = {position, std::move(what), std::move(mend)};
    return false;
  }

  TextError& error_;
  ScenarioFile file_;
  FaultParser faults_;
  Part part_ = Part::kExpectations;
  Position end_;
  std::vector<Position> expectation_positions_;
  unsigned cpus_ = 0;
  Program* program_ = nullptr;  // the one that operations are added to
  std::vector<OpenLock> open_;
};

}  // namespace

absl::StatusOr<ScenarioFile> ParseText(std::string_view file_name, std::string_view text) {
  TextError error;
  if (text.size() > kTextMax_bytes) {
    error = {{}, "the file is larger than 1 MB", "no scenario needs that much: check that it is the right file"};
    return ToStatus(file_name, error);
  }
  if (FindBadByte(text, error)) return ToStatus(file_name, error);
  Parser parser(error);
  if (!parser.Parse(text)) return ToStatus(file_name, error);
  return parser.Take();
}

}  // namespace rqfuzz
