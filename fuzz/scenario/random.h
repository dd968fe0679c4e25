// A small source of random numbers that gives the same sequence everywhere (SplitMix64).
#ifndef FUZZ_SCENARIO_RANDOM_H_
#define FUZZ_SCENARIO_RANDOM_H_

#include <cstdint>

namespace rqfuzz {

// Invariant: the sequence is a function of the seed alone; std:: distributions differ between libraries, hence the
// bounded draws are here.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
  }

  // Uniform in [0, bound). REQUIRES: bound > 0.
  std::uint64_t Below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(Next()) * bound) >> 64);
  }

  // Uniform in [low, high]. REQUIRES: low <= high.
  std::uint64_t Between(std::uint64_t low, std::uint64_t high) { return low + Below(high - low + 1); }

  // True once in `count` times. REQUIRES: count > 0.
  bool OneIn(std::uint64_t count) { return Below(count) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_RANDOM_H_
