// Fields of JSON objects that come from files: any bytes may stand there.
#ifndef FUZZ_ENGINES_JSON_FIELDS_H_
#define FUZZ_ENGINES_JSON_FIELDS_H_

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include <nlohmann/json.hpp>

namespace rqfuzz {

inline constexpr double kSecondsMax = 1e12;

// Times are written in milliseconds: that is enough, and the numbers stay short.
inline double RoundedSeconds(double seconds) { return std::round(seconds * 1000) / 1000; }

// Sets `field` if `object` has a value of its kind under that name, and returns whether it has. A number is a whole
// one that the field can hold; a double is a time in seconds, of at most kSecondsMax, forward or back.
template <typename Field>
bool ReadField(const nlohmann::ordered_json& object, const char* name, Field& field) {
  static_assert(std::is_same_v<Field, std::string> || std::is_same_v<Field, bool> || std::is_same_v<Field, double> ||
                std::unsigned_integral<Field>);
  const auto value = object.find(name);
  if (value == object.end()) return false;
  if constexpr (std::is_same_v<Field, std::string>) {
    if (!value->is_string()) return false;
  } else if constexpr (std::is_same_v<Field, bool>) {
    if (!value->is_boolean()) return false;
  } else if constexpr (std::is_same_v<Field, double>) {
    if (!value->is_number()) return false;
    const double seconds = value->template get<double>();
    if (!(seconds >= -kSecondsMax && seconds <= kSecondsMax)) return false;
  } else {
    if (!value->is_number_unsigned()) return false;
    if (value->template get<std::uint64_t>() > std::numeric_limits<Field>::max()) return false;
  }
  field = value->template get<Field>();
  return true;
}

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_JSON_FIELDS_H_
