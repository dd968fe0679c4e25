// The examples in README.md do what README says. A block that begins with "$ " is a command and what it prints:
// each line must come in this order, and "..." stands for any lines. The two commands at the root are played by the
// binary that they build: building is what brought us here.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/engines/file_io.h"

namespace rqfuzz {
namespace {

struct Example {
  std::string command;
  std::vector<std::string> lines;
};

std::vector<Example> ReadExamples() {
  std::istringstream readme(*ReadFile(RQFUZZ_SOURCE_DIR "/README.md"));
  std::vector<Example> examples;
  bool in_block = false;
  bool in_example = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("```")) {
      in_block = !in_block;
      in_example = false;
    } else if (in_block && line.starts_with("$ ")) {
      in_example = true;
      examples.push_back({.command = line.substr(2), .lines = {}});
    } else if (in_example) {
      examples.back().lines.push_back(line);
    }
  }
  return examples;
}

std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  while (pipe != nullptr && std::fgets(buffer, sizeof(buffer), pipe) != nullptr) output += buffer;
  if (pipe != nullptr) pclose(pipe);
  return output;
}

// A folder that looks like a built clone, with findings of its own.
class ReadmeTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("readme_test_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_ / "build");
    std::filesystem::create_directory_symlink(RQFUZZ_SOURCE_DIR "/corpus", folder_ / "corpus");
    std::filesystem::create_directory_symlink(std::filesystem::path(RQFUZZ_BINARY).parent_path(),
                                              folder_ / "build/release");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(ReadmeTest, ExamplesPrintWhatItSays) {
  const std::vector<Example> examples = ReadExamples();
  ASSERT_GE(examples.size(), 3u);
  for (const Example& example : examples) {
    std::string command = example.command;
    if (command.starts_with("fuzz/run")) command.replace(0, 8, "build/release/rqfuzz campaign");
    const std::string output = OutputOf("cd '" + folder_.string() + "' && " + command + " 2>&1");
    std::size_t position = 0;
    for (const std::string& line : example.lines) {
      if (line == "...") continue;
      const std::size_t found = output.find(line, position);
      ASSERT_NE(found, std::string::npos) << example.command << "\nlacks: " << line << "\nin:\n" << output;
      position = found + line.size();
    }
  }
}

}  // namespace
}  // namespace rqfuzz
