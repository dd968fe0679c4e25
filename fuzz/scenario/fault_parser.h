// Reads the lines of the text form that say what goes wrong and when.
#ifndef FUZZ_SCENARIO_FAULT_PARSER_H_
#define FUZZ_SCENARIO_FAULT_PARSER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/scenario/line_reader.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Invariants: every fault added so far has a moment that names an operation or a CPU, but for those in `pending_`,
// which lie in handlers declared further down. Used by the parser only, once the CPUs are known.
class FaultParser {
 public:
  // REQUIRES: both outlive the parser.
  FaultParser(Scenario& scenario, TextError& error) : scenario_(scenario), error_(error) {}

  // Reads a line but for its end. `program` becomes the handler's if it is an interrupt. False on an error.
  bool Parse(LineReader& reader, Program*& program);
  // Looks up what had to wait for the end of the text. False on an error.
  bool Finish();

 private:
  // A moment as it is written.
  struct WrittenMoment {
    Moment moment;             // access, or everything if it is a time
    Position position;         // of the fault's line
    FaultKind handler_kind = FaultKind::kSwitch;  // kSwitch: it lies in a CPU's program
    unsigned number = 0;       // of the CPU or handler
    Position number_position;
    Operation operation;       // kind and lock
    unsigned ordinal = 1;
    Position operation_position;
  };
  struct Pending {
    std::size_t fault;
    WrittenMoment written;
  };

  bool ParseHandlerNumber(LineReader& reader, unsigned handler);
  bool ParseMoment(LineReader& reader, WrittenMoment& written);
  // clock granularity DURATION, clock skew cpu N DURATION, slow cpu N by TIMES.
  bool ParseTimeSetting(LineReader& reader);
  // schedule KIND [depth N] seed N.
  bool ParseSchedule(LineReader& reader);
  template <typename T>
  bool SetOnce(Position position, T& setting, T usual, T value);
  bool ParseCorruption(LineReader& reader, Corruption& corruption);
  // Where a tracing program is attached.
  bool ParseAttachment(LineReader& reader, WrittenMoment& written);
  // every PERIOD for DURATION, or nothing.
  bool ParseRepetition(LineReader& reader, const WrittenMoment& written, Fault& fault);
  bool ParseOperation(LineReader& reader, WrittenMoment& written);
  bool ParseTargetCpu(LineReader& reader, const char* preposition, std::uint8_t& cpu);
  // Completes and checks the moment of fault `index`.
  bool Resolve(const WrittenMoment& written, std::size_t index);
  bool FindOperation(const WrittenMoment& written, Moment& moment);
  bool CheckMomentIsFree(const WrittenMoment& written, std::size_t index);
  bool Fail(Position position, std::string what, std::string mend);

  Scenario& scenario_;
  TextError& error_;
  std::vector<Pending> pending_;
};

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_FAULT_PARSER_H_
