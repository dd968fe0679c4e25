// The faults of a scenario whose moments are accesses of its programs, so that a program that runs finds its next one.
// Switches are apart: the machine takes them by itself, and wants a list of them for each operation.
//
// Invariants:
//  1. `faults_` is in order of programs, operations and accesses; those of program p are [first_[p], first_[p + 1]).
//  2. `switches_` and `first_switch_` are the same for the switches; those of an operation are a list that ends as the
//     machine wants it, and `switch_operation_` names the operation of each of them and of the ends of lists.
// Caller: the player.
#ifndef FUZZ_PLAY_ACCESS_FAULTS_H_
#define FUZZ_PLAY_ACCESS_FAULTS_H_

#include <array>
#include <cstdint>

#include "fuzz/machine/cpu.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

class AccessFaults {
 public:
  // What is ahead of a program that runs. Of these faults the first may be of operations that are behind.
  struct Ahead {
    unsigned next_fault = 0;  // index into faults_, up to
    unsigned faults_end = 0;
    unsigned next_switch = 0;  // index into switches_, up to
    unsigned switches_end = 0;
  };

  // Before an execution. The scenario must stay.
  void Load(const Scenario& scenario);
  // Of a program at its beginning.
  Ahead Of(unsigned program) const {
    return {.next_fault = first_[program],
            .faults_end = first_[program + 1],
            .next_switch = first_switch_[program],
            .switches_end = first_switch_[program + 1]};
  }
  // The program comes to `operation`: what is of those before is behind. Returns the list of its switches. REQUIRES:
  // that of no later one has been asked for.
  SwitchPoint* StartOperation(Ahead& ahead, unsigned operation);
  // The point of the next fault of this operation; 0: none.
  unsigned NextPoint(const Ahead& ahead, unsigned operation) const {
    if (ahead.next_fault == ahead.faults_end) return 0;
    const Moment& moment = MomentOf(faults_[ahead.next_fault]);
    return moment.operation == operation ? moment.access : 0;
  }
  // The next fault, an index into those of the scenario, is behind now. REQUIRES: there is one.
  unsigned Pass(Ahead& ahead) const { return faults_[ahead.next_fault++]; }

 private:
  const Moment& MomentOf(unsigned fault) const { return scenario_->faults[fault].moment; }
  void Sort(std::array<std::uint8_t, kFaultsMax>& faults, unsigned count) const;
  // Of the scenario's faults those that are switches, at least one; they are put in order.
  void LoadSwitches(std::array<std::uint8_t, kFaultsMax>& switches, unsigned count);

  const Scenario* scenario_ = nullptr;
  std::array<std::uint8_t, kFaultsMax> faults_;
  std::array<std::uint8_t, kProgramsMax + 1> first_;
  std::array<SwitchPoint, 2 * kFaultsMax> switches_;
  std::array<std::uint8_t, 2 * kFaultsMax> switch_operation_;
  std::array<std::uint8_t, kProgramsMax + 1> first_switch_;
};

inline SwitchPoint* AccessFaults::StartOperation(Ahead& ahead, unsigned operation) {
  while (ahead.next_fault != ahead.faults_end && MomentOf(faults_[ahead.next_fault]).operation < operation) {
    ++ahead.next_fault;
  }
  unsigned begin = ahead.next_switch;
  while (begin != ahead.switches_end && switch_operation_[begin] < operation) ++begin;
  unsigned end = begin;
  while (end != ahead.switches_end && switch_operation_[end] == operation) ++end;
  ahead.next_switch = end;
  return begin == end ? &no_switches : &switches_[begin];
}

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_ACCESS_FAULTS_H_
