#include "fuzz/machine/trace.h"

namespace rqfuzz {

void Trace::Add(const TraceRecord& record) {
  Mix(record.step);
  Mix(record.time_ns);
  Mix(record.offset);
  Mix(record.old_value);
  Mix(record.new_value);
  Mix(static_cast<std::uint64_t>(record.kind) | static_cast<std::uint64_t>(record.context) << 8 |
      std::uint64_t{record.cpu} << 16 | std::uint64_t{record.depth} << 24 | std::uint64_t{record.bytes} << 32);
  hash_ ^= hash_ >> 29;
  if (keep_) records_.push_back(record);
}

}  // namespace rqfuzz
