#include <string>

#include "fuzz/scenario/text.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

class Printer {
 public:
  explicit Printer(const ScenarioFile& file) : file_(file), scenario_(file.scenario) {}

  std::string Print() {
    PrintHeader();
    for (unsigned cpu = 0; cpu < scenario_.cpu_count; ++cpu) {
      text_ += "\ncpu " + std::to_string(cpu) + "\n";
      PrintProgram(scenario_.programs[cpu]);
    }
    PrintTimeSettings();
    PrintSchedule();
    unsigned handler = 0;
    bool was_program = true;
    for (const Fault& fault : scenario_.faults) {
      const bool has_handler = HasHandler(fault.kind);
      if (has_handler || was_program) text_ += '\n';
      Word(FaultWord(fault.kind));
      if (has_handler) Word(std::to_string(handler));
      PrintMoment(fault.moment);
      if (fault.period_ns != 0) {
        Word("every " + DurationText(fault.period_ns));
        Word("for " + DurationText(fault.duration_ns));
      }
      if (fault.kind == FaultKind::kSwitch) Word("to cpu " + std::to_string(fault.target_cpu));
      if (fault.kind == FaultKind::kSteal) Word("for " + DurationText(fault.duration_ns));
      if (fault.kind == FaultKind::kClockJump) Word("by " + DurationText(fault.duration_ns));
      if (fault.kind == FaultKind::kCorruption) PrintCorruption(fault.corruption);
      EndLine();
      if (has_handler) PrintProgram(scenario_.programs[kCpusMax + handler++]);
      was_program = has_handler;
    }
    return std::move(text_);
  }

 private:
  // Adds a word to the line, after a space unless it is the first.
  void Word(std::string_view word) {
    if (word.empty()) return;
    if (!text_.empty() && text_.back() != '\n' && text_.back() != ' ') text_ += ' ';
    text_ += word;
  }
  void EndLine() { text_ += '\n'; }

  void PrintHeader() {
    for (const std::string& comment : file_.comments) text_ += (comment.empty() ? "#" : "# " + comment) + "\n";
    for (const Expectation& expectation : file_.expectations) {
      Word("expect");
      Word(expectation.revision);
      Word(expectation.verdict);
      Word(expectation.oracle);
      Word(expectation.cause);
      EndLine();
    }
    Word("lock");
    Word(scenario_.lock_type->name);
    Word(scenario_.lock_type->revision);
    Word(scenario_.lock_type->build);
    EndLine();
    if (scenario_.virtual_machine) text_ += "virtual-machine\n";
    text_ += "locks " + std::to_string(scenario_.lock_count) + "\n";
  }

  void PrintTimeSettings() {
    if (HasUnusualTime(scenario_)) EndLine();
    if (scenario_.clock_granularity_ns != 0) {
      Word("clock granularity " + DurationText(scenario_.clock_granularity_ns));
      EndLine();
    }
    for (unsigned cpu = 0; cpu < scenario_.cpu_count; ++cpu) {
      if (scenario_.clock_skew_ns[cpu] == 0) continue;
      Word("clock skew cpu " + std::to_string(cpu));
      Word(DurationText(scenario_.clock_skew_ns[cpu]));
      EndLine();
    }
    for (unsigned cpu = 0; cpu < scenario_.cpu_count; ++cpu) {
      if (scenario_.slow_by[cpu] == 1) continue;
      Word("slow cpu " + std::to_string(cpu) + " by " + std::to_string(scenario_.slow_by[cpu]));
      EndLine();
    }
  }

  void PrintSchedule() {
    const Schedule& schedule = scenario_.schedule;
    if (schedule.kind == ScheduleKind::kSwitches) return;
    EndLine();
    Word("schedule");
    Word(ScheduleWords()[static_cast<std::size_t>(schedule.kind)]);
    if (schedule.kind == ScheduleKind::kPct) Word("depth " + std::to_string(schedule.depth));
    Word("seed " + std::to_string(schedule.seed));
    EndLine();
  }

  void PrintProgram(const Program& program) {
    unsigned depth = 1;
    for (const Operation& operation : program) {
      if (operation.kind == OperationKind::kRelease) --depth;
      text_.append(2 * depth, ' ');
      Word(operation.keeps ? "keep" : OperationWord(operation.kind));
      if (operation.kind == OperationKind::kWork) {
        Word(DurationText(operation.duration_ns));
      } else {
        Word(LockName(operation.lock));
      }
      if (operation.kind == OperationKind::kAcquire) {
        Word(EntryPointWord(operation.entry_point));
        if (operation.retries != 0) Word("retry " + std::to_string(operation.retries));
        if (operation.unchecked) Word("unchecked");
        ++depth;
      }
      if (operation.kind == OperationKind::kStrayRelease) Word(EntryPointWord(operation.entry_point));
      if (operation.out_of_order) Word("out-of-order");
      EndLine();
    }
  }

  void PrintCorruption(const Corruption& corruption) {
    if (corruption.place == CorruptedPlace::kWord) {
      Word("of lock " + LockName(corruption.index));
    } else {
      Word("of cpu " + std::to_string(corruption.cpu) + " node " + std::to_string(corruption.index));
      Word(NodeFieldWord(corruption.place));
    }
    Word("bit " + std::to_string(corruption.bit));
  }

  void PrintMoment(const Moment& moment) {
    if (IsTracepoint(moment)) {
      Word("at");
      Word(TracepointWord(moment.kind));
      return;
    }
    if (moment.kind == MomentKind::kTime) {
      Word("on cpu " + std::to_string(moment.cpu));
      Word("at " + DurationText(moment.time_ns));
      return;
    }
    Word("in");
    if (moment.program < kCpusMax) {
      Word("cpu " + std::to_string(moment.program));
    } else {
      const unsigned handler = moment.program - kCpusMax;
      Word(FaultWord(FaultOfHandler(scenario_, handler).kind));
      Word(std::to_string(handler));
    }
    PrintOperation(scenario_.programs[moment.program], moment.operation);
    Word("access " + std::to_string(moment.access));
  }

  // "acquire A #2": which of the program's operations that read the same.
  void PrintOperation(const Program& program, unsigned index) {
    const Operation& operation = program[index];
    unsigned ordinal = 1;
    for (unsigned i = 0; i < index; ++i) {
      if (program[i].kind == operation.kind && program[i].lock == operation.lock) ++ordinal;
    }
    Word(OperationWord(operation.kind));
    if (operation.kind != OperationKind::kWork) Word(LockName(operation.lock));
    if (ordinal > 1) Word("#" + std::to_string(ordinal));
  }

  const ScenarioFile& file_;
  const Scenario& scenario_;
  std::string text_;
};

}  // namespace

std::string PrintText(const ScenarioFile& file) { return Printer(file).Print(); }

}  // namespace rqfuzz
