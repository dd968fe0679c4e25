// Draws the parts of scenarios from distributions that favour what real bugs needed: a few CPUs that crowd at a lock,
// interrupts at the accesses that an operation makes, sections on both sides of the lock's limits, sparse switches.
#ifndef FUZZ_SCENARIO_DRAW_H_
#define FUZZ_SCENARIO_DRAW_H_

#include <cstdint>
#include <initializer_list>

#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// Index into `weights`, each as likely as its weight. REQUIRES: their sum is not 0.
unsigned DrawWeighted(std::initializer_list<unsigned> weights, Random& random);

std::uint64_t DrawDuration_ns(Random& random);  // of work
std::uint64_t DrawTheft_ns(Random& random);     // of a CPU
std::uint64_t DrawTime_ns(Random& random);      // of a fault
// One that an operation of that kind likely makes.
std::uint16_t DrawAccess(OperationKind kind, Random& random);
EntryPoint DrawEntryPoint(Random& random);
std::uint8_t DrawRetries(Random& random);
// A row with the name and revision of `type`.
const locks::LockType* DrawBuild(const locks::LockType& type, Random& random);
// The build of a scenario made from one of `type`: the same, unless it looks at the clock so rarely that it would
// take all the time if it spread through a corpus; then one is drawn.
const locks::LockType* InheritBuild(const locks::LockType& type, Random& random);
bool DrawVirtualMachine(const locks::LockType& type, Random& random);

// What a CPU does: a few sections, some of them nested.
Program DrawProgram(unsigned lock_count, Random& random);
// More locks, nested, than the held-lock table has slots. Raises the scenario's lock count as needed.
Program DrawDeepProgram(Scenario& scenario, Random& random);

// Each adds a fault; an interrupt gets a handler that likely wants a lock which its CPU holds or attempts. False if
// there is no room or nothing to attach it to. REQUIRES: the scenario is valid. It stays so but for callers' rules
// and for moments that are taken: Repair() and KeepCallersRule() follow.
// Of one of the three kinds that `injectors` has.
bool AddInterrupt(Scenario& scenario, Random& random, const Injectors& injectors = DefaultInjectors());
bool AddSwitch(Scenario& scenario, Random& random);
bool AddSteal(Scenario& scenario, Random& random);
bool AddReschedule(Scenario& scenario, Random& random);
// A tracing program at a tracepoint or, where the lock runs them there, at a step.
bool AddTracingProgram(Scenario& scenario, Random& random);
// An interrupt that repeats from a time on.
bool AddStorm(Scenario& scenario, Random& random, const Injectors& injectors = DefaultInjectors());
bool AddOffline(Scenario& scenario, Random& random);
bool AddClockJump(Scenario& scenario, Random& random);
// Another task on a CPU. Its program is like a CPU's.
bool AddTask(Scenario& scenario, Random& random);
// What no machine does that the lock is made for.
bool AddSpuriousFailure(Scenario& scenario, Random& random);
bool AddCorruption(Scenario& scenario, Random& random);
// Makes a caller ignore an error, exchange two releases, or release what it does not hold.
bool AddMisuse(Scenario& scenario, Random& random);
// Makes a caller keep a lock that it takes.
bool KeepLock(Scenario& scenario, Random& random);
// A coarse clock or a skew.
bool ChangeClock(Scenario& scenario, Random& random);
bool ChangeSpeed(Scenario& scenario, Random& random);
// Everything that more acquires nested on one CPU take than it has queue nodes: locks that others hold and wait for,
// and a program for each further acquire at the tracepoint of the one before. Replaces what CPUs do.
// REQUIRES: there are no faults.
void DrawNodeExhaustion(Scenario& scenario, Random& random);
// What a real caller or the stress module does, on the scenario's CPUs: replaces what they do, raises the number of
// locks, adds interrupts where they belong to it. Sometimes each CPU is another caller, of the same locks.
// REQUIRES: there are no faults.
void DrawWorkload(Scenario& scenario, const Injectors& injectors, Random& random);
// One of the kinds of interrupts that `injectors` has; false if it has none.
bool DrawInterruptKind(const Injectors& injectors, Random& random, FaultKind& kind);
// Period and length of an interrupt storm. REQUIRES: the fault is an interrupt.
void DrawRepetition(Fault& fault, Random& random);

// What an interrupt or a tracing program that comes at the moment does.
Program DrawHandlerProgram(const Scenario& scenario, const Moment& moment, Random& random);
Moment DrawTimeMoment(const Scenario& scenario, Random& random);
// A moment in a program below kCpusMax + `handlers`, or a time.
Moment DrawMoment(const Scenario& scenario, unsigned handlers, Random& random);
// One in a section of a CPU with interrupts off, its release included; any if there is none.
Moment DrawMomentWithInterruptsOff(const Scenario& scenario, Random& random);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_DRAW_H_
