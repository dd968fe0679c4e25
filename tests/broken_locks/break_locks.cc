// Runs while the project is built: reads the table of defects and writes, for each, the files of lock/ that
// differ from the right lock. The form of the table is explained in README.md.
//
// break_locks SOURCE_ROOT DEFECTS OUTPUT_FOLDER
//   OUTPUT_FOLDER/NAME/lock/...    what is changed, and rqspinlock.cc, which exports this lock under a name of its
//   own OUTPUT_FOLDER/NAME/defect.txt  changes whenever the defect does OUTPUT_FOLDER/table.cc         the rows for
//   broken_locks.cc
// A file that would not change is not written, so that nothing is compiled again without need.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Change {
  std::string file;  // in lock/
  std::string old_text;
  std::string new_text;
  unsigned line = 0;  // of the table, where it begins
};

struct Defect {
  std::string name;
  std::string breaks;
  std::vector<Change> changes;  // one as a rule
  unsigned line = 0;
};

constexpr std::string_view kSource = "rqspinlock.cc";

// Only two of the many rows are compiled: the newest revision in one build of each layout.
constexpr std::string_view kExport =
    "constinit const locks::RqspinlockEntryPoints locks_rqspinlock_entry_points =\n"
    "    locks::entry_points_of_revisions(std::make_index_sequence<locks::kRevisionCount>());\n";

std::string ExportOf(const std::string& symbol) {
  return "namespace locks {\n"
         "consteval Build build_named(std::string_view name) {\n"
         "  for (const BuildRow& row : kBuilds) {\n"
         "    if (row.name == name) return row.build;\n"
         "  }\n"
         "  __builtin_abort();\n"
         "}\n"
         "consteval Revision revision_named(std::string_view name) {\n"
         "  for (const RevisionRow& row : kRevisions) {\n"
         "    if (row.name == name) return row.revision;\n"
         "  }\n"
         "  __builtin_abort();\n"
         "}\n"
         "}  // namespace locks\n\n"
         "extern \"C\" const locks::EntryPoints " +
         symbol +
         "[2];\n"
         "constinit const locks::EntryPoints " +
         symbol +
         "[2] = {\n"
         "    locks::entry_points<locks::revision_named(\"linux-7.2\"), locks::build_named(\"generic\")>(),\n"
         "    locks::entry_points<locks::revision_named(\"linux-7.2\"), locks::build_named(\"large\")>()};\n";
}

[[noreturn]] void Fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) Fail(path.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteIfChanged(const fs::path& path, const std::string& content) {
  if (fs::exists(path) && ReadFile(path) == content) return;
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  if (!(out << content).flush()) Fail(path.string() + ": cannot be written");
}

class Table {
 public:
  explicit Table(const fs::path& path) : path_(path) {
    std::ifstream in(path);
    if (!in) Fail(path.string() + ": cannot be read");
    for (std::string line; std::getline(in, line);) ParseLine(line);
    Finish();
    if (defects_.empty()) Fail(path.string() + ": has no defects");
  }

  const std::vector<Defect>& defects() const { return defects_; }

  [[noreturn]] void FailAt(unsigned line, const std::string& message) const {
    Fail(path_.string() + ":" + std::to_string(line) + ": " + message);
  }

 private:
  void ParseLine(const std::string& line) {
    ++line_;
    if (line.empty() || line.starts_with('#')) return;
    if (line.starts_with("defect ")) {
      Finish();
      defects_.push_back({.name = line.substr(7), .line = line_});
      return;
    }
    if (defects_.empty()) FailAt(line_, "expected `defect NAME`");
    Defect& defect = defects_.back();
    if (line.starts_with("breaks ")) {
      defect.breaks = line.substr(7);
    } else if (line.starts_with("file ")) {
      defect.changes.push_back({.file = line.substr(5), .line = line_});
    } else if (line.starts_with('-') || line.starts_with('+')) {
      ParseChange(line);
    } else {
      FailAt(line_, "expected `defect`, `breaks`, `file`, a line to replace (-) or its replacement (+)");
    }
  }

  void ParseChange(const std::string& line) {
    if (defects_.back().changes.empty()) FailAt(line_, "expected `file` first");
    Change& change = defects_.back().changes.back();
    const bool is_old = line.front() == '-';
    if (is_old && !change.new_text.empty()) FailAt(line_, "a second place needs a `file` line of its own");
    (is_old ? change.old_text : change.new_text) += line.substr(1) + "\n";
  }

  void Finish() const {
    if (defects_.empty()) return;
    const Defect& defect = defects_.back();
    const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (defect.name.empty() || !std::all_of(defect.name.begin(), defect.name.end(), is_name)) {
      FailAt(defect.line, "a name has small letters, digits and hyphens");
    }
    for (const Defect& other : defects_) {
      if (&other != &defect && other.name == defect.name) FailAt(defect.line, "a second defect of this name");
    }
    if (defect.breaks.empty()) FailAt(defect.line, "says not what it `breaks`");
    if (defect.changes.empty()) FailAt(defect.line, "changes no `file`");
    for (const Change& change : defect.changes) {
      if (change.old_text.empty()) FailAt(change.line, "has no line to replace (-)");
    }
  }

  fs::path path_;
  std::vector<Defect> defects_;
  unsigned line_ = 0;
};

// Replaces `old_text`, whole lines, which must be there exactly once.
std::string Replace(const std::string& text, std::string_view old_text, const std::string& new_text,
                    const std::string& problem_prefix) {
  const auto find = [&](std::size_t from) {
    std::size_t at = text.find(old_text, from);
    while (at != std::string::npos && at != 0 && text[at - 1] != '\n') at = text.find(old_text, at + 1);
    return at;
  };
  const std::size_t at = find(0);
  if (at == std::string::npos) Fail(problem_prefix + " is not in the file");
  if (find(at + 1) != std::string::npos) Fail(problem_prefix + " is there more than once: give more lines");
  return text.substr(0, at) + new_text + text.substr(at + old_text.size());
}

std::string SymbolOf(const std::string& name) {
  std::string symbol = "locks_broken_" + name + "_entry_points";
  std::replace(symbol.begin(), symbol.end(), '-', '_');
  return symbol;
}

void WriteBrokenLock(const Table& table, const Defect& defect, const fs::path& lock, const fs::path& folder) {
  std::map<std::string, std::string> files;
  const auto content = [&](const std::string& file) -> std::string& {
    return files.try_emplace(file, files.contains(file) ? std::string() : ReadFile(lock / file)).first->second;
  };
  std::string summary;
  for (const Change& change : defect.changes) {
    if (!fs::exists(lock / change.file)) table.FailAt(change.line, "no such file: lock/" + change.file);
    std::string& text = content(change.file);
    text = Replace(text, change.old_text, change.new_text,
                   "tests/broken_locks/defects.txt:" + std::to_string(change.line) + ": " + defect.name +
                       ": the text to replace in lock/" + change.file);
    summary += change.file + "\n" + change.old_text + "\n" + change.new_text;
  }
  std::string& source = content(std::string(kSource));
  source =
      Replace(source, kExport, ExportOf(SymbolOf(defect.name)), "lock/rqspinlock.cc: the definition of its symbol");
  for (const auto& [file, text] : files) WriteIfChanged(folder / "lock" / file, text);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder / "lock")) {
    if (!files.contains(entry.path().filename().string())) fs::remove(entry.path());
  }
  WriteIfChanged(folder / "defect.txt", summary);
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string TableText(const std::vector<Defect>& defects) {
  std::string text = "#include \"tests/broken_locks/broken_lock_row.h\"\n\nextern \"C\" {\n";
  for (const Defect& defect : defects) {
    text += "extern const locks::EntryPoints " + SymbolOf(defect.name) + "[2];\n";
  }
  text +=
      "}\n\nnamespace rqfuzz {\n\nstd::span<const BrokenLockRow> BrokenLockRows() {\n"
      "  static constexpr BrokenLockRow kRows[] = {\n";
  for (const Defect& defect : defects) {
    text += "      {" + Quoted(defect.name) + ", " + Quoted(defect.breaks) + ", " + SymbolOf(defect.name) + "},\n";
  }
  return text + "  };\n  return kRows;\n}\n\n}  // namespace rqfuzz\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) Fail("usage: break_locks SOURCE_ROOT DEFECTS OUTPUT_FOLDER");
  const fs::path lock = fs::path(argv[1]) / "lock";
  const fs::path output = argv[3];
  const Table table(argv[2]);
  for (const Defect& defect : table.defects()) WriteBrokenLock(table, defect, lock, output / defect.name);
  WriteIfChanged(output / "table.cc", TableText(table.defects()));
  return 0;
}
