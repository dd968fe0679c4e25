#include "fuzz/report/code_position.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <set>

#include <link.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

// Where the program was loaded: its line tables count from there. The program itself is the first object.
std::uintptr_t LoadAddress() {
  std::uintptr_t address = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* result) {
        *static_cast<std::uintptr_t*>(result) = info->dlpi_addr;
        return 1;
      },
      &address);
  return address;
}

std::string OutputOf(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string output;
  char buffer[1 << 16];
  for (std::size_t bytes; (bytes = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.append(buffer, bytes);
  return pclose(pipe) == 0 ? output : std::string();
}

// "locks::Rqspinlock<...>::wait_as_pending(locks::PerCpu&, unsigned int)" -> "wait_as_pending".
std::string ShortName(const std::string& name) {
  std::string outside;  // of template arguments
  int depth = 0;
  for (const char c : name) {
    if (c == '(' && depth == 0) break;
    if (c == '>') --depth;
    if (depth == 0 && c != '<' && c != '>') outside += c;
    if (c == '<') ++depth;
  }
  const std::size_t colon = outside.rfind(':');
  const std::string last = colon == std::string::npos ? outside : outside.substr(colon + 1);
  const std::size_t blank = last.rfind(' ');
  return blank == std::string::npos ? last : last.substr(blank + 1);
}

// Line tables tell paths from the build's folder: "././../../lock/rqspinlock.cc".
std::string FromRoot(const std::string& file) {
  std::string path = std::filesystem::path(file).lexically_normal().string();
  while (path.starts_with("../")) path.erase(0, 3);
  return path;
}

std::vector<CodePosition> FramesOf(const nlohmann::json& answer) {
  std::vector<CodePosition> frames;
  for (const nlohmann::json& symbol : answer.value("Symbol", nlohmann::json::array())) {
    CodePosition frame{.function = ShortName(symbol.value("FunctionName", "")),
                       .file = FromRoot(symbol.value("FileName", "")),
                       .line = symbol.value("Line", 0U)};
    // Callers come in by a table of functions without names.
    if (frame.function == "operator") break;
    // The compiler's own headers are nobody's business.
    const bool is_named = !frame.function.empty() && frame.function != "__invoke";
    if (is_named && frame.line != 0 && frame.file.starts_with("lock/")) frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace

CodePositions::CodePositions(std::span<const TraceRecord> records) {
  std::set<const void*> codes;
  for (const TraceRecord& record : records) {
    if (record.code != nullptr) codes.insert(record.code);
  }
  const std::uintptr_t load_address = LoadAddress();
  // Not /proc/self/exe, which would be the symbolizer's.
  std::string command = absl::StrFormat("exec llvm-symbolizer --output-style=JSON --obj=/proc/%d/exe", getpid());
  std::vector<const void*> asked;
  for (const void* const code : codes) {
    // The call, which is what was made there, ends where the code goes on.
    absl::StrAppendFormat(&command, " 0x%x", reinterpret_cast<std::uintptr_t>(code) - 1 - load_address);
    asked.push_back(code);
  }
  const nlohmann::json answers = nlohmann::json::parse(OutputOf(command + " 2>/dev/null"), nullptr, false);
  if (!answers.is_array() || answers.size() != asked.size()) return;
  for (std::size_t i = 0; i < asked.size(); ++i) frames_[asked[i]] = FramesOf(answers[i]);
}

const std::vector<CodePosition>& CodePositions::Of(const TraceRecord& record) const {
  static const std::vector<CodePosition> kNone;
  const auto found = frames_.find(record.code);
  return found == frames_.end() ? kNone : found->second;
}

std::string CodePositionText(const std::vector<CodePosition>& frames) {
  std::string text;
  std::string file;
  for (const CodePosition& frame : frames) {
    absl::StrAppend(&text, text.empty() ? "" : " <- ", frame.function, " ", frame.file == file ? "" : frame.file, ":",
                    frame.line);
    file = frame.file;
  }
  return text;
}

}  // namespace rqfuzz
