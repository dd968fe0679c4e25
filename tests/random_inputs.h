// Inputs for tests of determinism: random bytes and generated scenarios, of all revisions.
#ifndef TESTS_RANDOM_INPUTS_H_
#define TESTS_RANDOM_INPUTS_H_

#include <cstdint>
#include <vector>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "lock/revision.h"

namespace rqfuzz {

// Input number `index`: a function of its argument alone. Never of a build that looks at the clock so rarely that a
// traced execution would take seconds.
inline Scenario RandomInput(std::uint64_t index) {
  Random random(index + 1);
  const locks::LockType& type = *locks::FindLockType(
      "rqspinlock", locks::kRevisions[random.Below(locks::kRevisionCount)].name, "generic");
  Scenario scenario;
  if (index % 3 == 0) {
    std::vector<std::uint8_t> bytes(random.Below(400));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(256));
    Decode(bytes, scenario);
    scenario.lock_type = &type;
  } else {
    scenario = Generate(random, type);
    for (std::uint64_t mutations = random.Below(4); mutations > 0; --mutations) Mutate(scenario, random);
  }
  if (scenario.lock_type->spins_per_check > 1000) scenario.lock_type = &type;
  return scenario;
}

}  // namespace rqfuzz

#endif  // TESTS_RANDOM_INPUTS_H_
