// Durations and times worth trying: on both sides of the lock's limits (1 ms, 250 ms, 500 ms, 1 s), and a
// logarithmic scale in between. The binary form names them in one byte; the mutator draws from them.
#ifndef FUZZ_SCENARIO_DURATIONS_H_
#define FUZZ_SCENARIO_DURATIONS_H_

#include <array>
#include <cstdint>

namespace rqfuzz {

inline constexpr std::uint64_t kMicrosecond_ns = 1'000;
inline constexpr std::uint64_t kMillisecond_ns = 1'000'000;
inline constexpr std::uint64_t kSecond_ns = 1'000'000'000;

// In rising order. The order is part of the binary form.
inline constexpr std::array<std::uint64_t, 52> kDurations_ns = {
    0,
    1,
    10,
    50,
    100,
    200,
    500,
    1 * kMicrosecond_ns,
    2 * kMicrosecond_ns,
    5 * kMicrosecond_ns,
    10 * kMicrosecond_ns,
    20 * kMicrosecond_ns,
    50 * kMicrosecond_ns,
    100 * kMicrosecond_ns,
    200 * kMicrosecond_ns,
    500 * kMicrosecond_ns,
    900 * kMicrosecond_ns,
    1 * kMillisecond_ns - 1,
    1 * kMillisecond_ns,
    1 * kMillisecond_ns + 1,
    1'100 * kMicrosecond_ns,
    1'500 * kMicrosecond_ns,
    2 * kMillisecond_ns,
    3 * kMillisecond_ns,
    5 * kMillisecond_ns,
    10 * kMillisecond_ns,
    20 * kMillisecond_ns,
    50 * kMillisecond_ns,
    100 * kMillisecond_ns,
    200 * kMillisecond_ns,
    249 * kMillisecond_ns,
    250 * kMillisecond_ns - 1,
    250 * kMillisecond_ns,
    250 * kMillisecond_ns + 1,
    251 * kMillisecond_ns,
    260 * kMillisecond_ns,
    300 * kMillisecond_ns,
    400 * kMillisecond_ns,
    500 * kMillisecond_ns - 1,
    500 * kMillisecond_ns,
    500 * kMillisecond_ns + 1,
    510 * kMillisecond_ns,
    600 * kMillisecond_ns,
    750 * kMillisecond_ns,
    1 * kSecond_ns - 1,
    1 * kSecond_ns,
    1 * kSecond_ns + 1,
    1'100 * kMillisecond_ns,
    2 * kSecond_ns,
    3 * kSecond_ns,
    5 * kSecond_ns,
    10 * kSecond_ns,
};

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_DURATIONS_H_
