// rqfuzz_speed: what `rqfuzz bench speed` runs. A program of its own, because it plays one scenario under the engine
// in the place of the fuzz target.
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/engines/file_io.h"
#include "tests/speed/engine_speed.h"
#include "tests/speed/growth.h"
#include "tests/speed/machine_speed.h"
#include "tests/speed/play_speed.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kHeadLimit_ns = 500'000'000;

struct Options {
  unsigned runs = 5;
  bool json = false;
  std::string svg;
};

struct EngineSpeed {
  Samples per_second;  // plays
  Samples of_bare;     // what that is of the bare plays before and after it in the same run
};

struct ShapeSpeed {
  Shape shape;
  PlaySpeed bare;
  EngineSpeed libfuzzer;
  EngineSpeed afl;  // empty if this build has no target for it
};

struct Speed {
  MachineSpeed machine;
  std::vector<ShapeSpeed> shapes;
  Samples empty_libfuzzer;  // inputs a second
  Samples empty_afl;        // likewise; empty if this build has no target for it
  PlaySpeed timeout;        // four CPUs that wait for a fifth beyond every limit
  std::vector<Growth> growths;
};

double PerSecond(double ns) { return 1e9 / ns; }

absl::Status MeasureEngine(unsigned runs, const Shape& shape,
                           absl::FunctionRef<absl::StatusOr<double>(const Shape&)> plays_of_engine,
                           EngineSpeed& speed) {
  for (unsigned run = 0; run < runs; ++run) {
    const double before_ns = MeasurePlay(shape, 1).ns.Median();
    const absl::StatusOr<double> per_second = plays_of_engine(shape);
    if (!per_second.ok()) return per_second.status();
    const double after_ns = MeasurePlay(shape, 1).ns.Median();
    speed.per_second.Add(*per_second);
    speed.of_bare.Add(*per_second / PerSecond((before_ns + after_ns) / 2));
  }
  return absl::OkStatus();
}

absl::Status MeasureEmpty(unsigned runs, absl::FunctionRef<absl::StatusOr<double>()> inputs_of_engine,
                          Samples& per_second) {
  for (unsigned run = 0; run < runs; ++run) {
    const absl::StatusOr<double> inputs = inputs_of_engine();
    if (!inputs.ok()) return inputs.status();
    per_second.Add(*inputs);
  }
  return absl::OkStatus();
}

absl::Status MeasureEngines(unsigned runs, Speed& speed) {
  const bool has_afl = HasAflTargets();
  absl::Status status = MeasureEmpty(runs, EmptyInputsOfLibFuzzer, speed.empty_libfuzzer);
  if (status.ok() && has_afl) status = MeasureEmpty(runs, EmptyInputsOfAfl, speed.empty_afl);
  for (ShapeSpeed& row : speed.shapes) {
    if (status.ok()) status = MeasureEngine(runs, row.shape, PlaysOfLibFuzzer, row.libfuzzer);
    if (status.ok() && has_afl) status = MeasureEngine(runs, row.shape, PlaysOfAfl, row.afl);
  }
  return status;
}

absl::StatusOr<Speed> Measure(unsigned runs) {
  Speed speed;
  speed.machine = MeasureMachine(runs);
  for (const Shape& shape : kShapes) {
    speed.shapes.push_back({.shape = shape, .bare = MeasurePlay(shape, runs), .libfuzzer = {}, .afl = {}});
  }
  if (const absl::Status status = MeasureEngines(runs, speed); !status.ok()) return status;
  speed.timeout = MeasurePlay({.cpus = 5, .section_ns = 4 * kHeadLimit_ns}, runs);
  speed.growths = MeasureGrowth(runs);
  return speed;
}

// What the execution's points and switches cost at the floors; each CPU is switched to once, and the host at the end.
double FloorNs(const ShapeSpeed& row, const MachineSpeed& machine) {
  return static_cast<double>(row.bare.steps) * machine.floor_call_ns.Median() +
         (row.shape.cpus + 1) * machine.floor_jump_ns.Median();
}

void PrintRow(const std::string& name, const Samples& samples, const char* format) {
  std::printf("%-36s", name.c_str());
  for (const double value : {samples.Median(), samples.Low(), samples.High()}) std::printf(format, value);
  std::printf("\n");
}

// Plays a second by play, what they are of bare plays and of an empty target's inputs.
void PrintEngine(const char* name, const Speed& speed, EngineSpeed ShapeSpeed::*engine, const Samples& empty) {
  std::printf("\n%-16s%14s%14s%14s%10s%10s\n", name, "per second", "least", "most", "of bare", "of empty");
  for (const ShapeSpeed& row : speed.shapes) {
    const auto& [per_second, of_bare] = row.*engine;
    std::printf("%-16s%14.0f%14.0f%14.0f%10.2f%10.2f\n", ShapeName(row.shape).c_str(), per_second.Median(),
                per_second.Low(), per_second.High(), of_bare.Median(), per_second.Median() / empty.Median());
  }
  std::printf("%-16s%14.0f%14.0f%14.0f\n", "empty target", empty.Median(), empty.Low(), empty.High());
}

void Print(const Speed& speed) {
  const MachineSpeed& machine = speed.machine;
  std::printf("%-36s%12s%12s%12s\n", "CPU time", "median", "least", "most");
  PrintRow("floor: a call that accesses (ns)", machine.floor_call_ns, "%12.2f");
  PrintRow("scheduling point (ns)", machine.point_ns, "%12.2f");
  PrintRow("  ratio to the floor", machine.point_ratio, "%12.2f");
  PrintRow("floor: a jump between fibers (ns)", machine.floor_jump_ns, "%12.2f");
  PrintRow("scheduling point with a switch (ns)", machine.switch_ns, "%12.2f");
  PrintRow("  ratio to the floor", machine.switch_ratio, "%12.2f");
  PrintRow("4 CPUs that wait out 500 ms (ns)", speed.timeout.ns, "%12.0f");
  std::printf("\n%-8s%8s%12s%12s%12s%14s%12s\n", "play", "steps", "ns", "least", "most", "per second", "floors (ns)");
  for (const ShapeSpeed& row : speed.shapes) {
    std::printf("%-8s%8d%12.0f%12.0f%12.0f%14.0f%12.0f\n", ShapeName(row.shape).c_str(),
                static_cast<int>(row.bare.steps), row.bare.ns.Median(), row.bare.ns.Low(), row.bare.ns.High(),
                PerSecond(row.bare.ns.Median()), FloorNs(row, machine));
  }
  PrintEngine("libFuzzer", speed, &ShapeSpeed::libfuzzer, speed.empty_libfuzzer);
  if (!speed.empty_afl.IsEmpty()) PrintEngine("AFL++", speed, &ShapeSpeed::afl, speed.empty_afl);
  for (const Growth& growth : speed.growths) {
    std::printf("\n%-34s%8s%12s%12s\n", growth.what.c_str(), "steps", "ns", "ns a step");
    for (const GrowthRow& row : growth.rows) {
      std::printf("%-34d%8d%12.0f%12.1f\n", static_cast<int>(row.count), static_cast<int>(row.speed.steps),
                  row.speed.ns.Median(), row.speed.ns.Median() / static_cast<double>(row.speed.steps));
    }
  }
}

nlohmann::ordered_json JsonOf(const Samples& samples) {
  return {{"median", samples.Median()}, {"low", samples.Low()}, {"high", samples.High()}};
}

nlohmann::ordered_json JsonOf(const Speed& speed) {
  nlohmann::ordered_json json;
  const MachineSpeed& machine = speed.machine;
  json["floor_call_ns"] = machine.floor_call_ns.Median();
  json["floor_jump_ns"] = machine.floor_jump_ns.Median();
  json["point_ns"] = machine.point_ns.Median();
  json["switch_ns"] = machine.switch_ns.Median();
  json["point_ratio"] = JsonOf(machine.point_ratio);
  json["switch_ratio"] = JsonOf(machine.switch_ratio);
  json["timeout_ns"] = JsonOf(speed.timeout.ns);
  for (const ShapeSpeed& row : speed.shapes) {
    json["bare"][ShapeName(row.shape)] = PerSecond(row.bare.ns.Median());
    for (const auto& [name, engine] : {std::pair("libfuzzer", &row.libfuzzer), std::pair("afl", &row.afl)}) {
      if (engine->per_second.IsEmpty()) continue;
      json[name][ShapeName(row.shape)] = engine->per_second.Median();
      json["of_bare"][name][ShapeName(row.shape)] = JsonOf(engine->of_bare);
    }
  }
  json["empty"]["libfuzzer"] = JsonOf(speed.empty_libfuzzer);
  if (!speed.empty_afl.IsEmpty()) json["empty"]["afl"] = JsonOf(speed.empty_afl);
  for (const Growth& growth : speed.growths) {
    nlohmann::ordered_json rows;
    for (const GrowthRow& row : growth.rows) {
      rows.push_back({{"count", row.count}, {"steps", row.speed.steps}, {"ns", JsonOf(row.speed.ns)}});
    }
    json["growth"].push_back({{"what", growth.what}, {"rows", rows}});
  }
  return json;
}

ExitStatus Run(const Options& options) {
  if (!options.svg.empty()) {
    if (const absl::Status status = CheckFolderIsWritable(FolderOf(options.svg)); !status.ok()) {
      absl::FPrintF(stderr, "%s\n", std::string(status.message()));
      return kBadInput;
    }
  }
  const absl::StatusOr<Speed> speed = Measure(options.runs);
  absl::Status status = speed.status();
  if (status.ok() && !options.svg.empty()) status = WriteFile(options.svg, GrowthSvg(speed->growths));
  if (!status.ok()) {
    absl::FPrintF(stderr, "%s\n", std::string(status.message()));
    return kToolFailed;
  }
  if (options.json) {
    std::printf("%s\n", JsonOf(*speed).dump(2).c_str());
  } else {
    Print(*speed);
  }
  return kNothingFound;
}

int Main(int argc, char** argv) {
  CLI::App app("Measures what the machine, whole executions and executions under an engine cost.",
               "rqfuzz bench speed");
  Options options;
  app.add_option("--runs", options.runs, "Times that each figure is measured; the median counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_flag("--json", options.json, "Print the result as JSON");
  app.add_option("--svg", options.svg, "Draw how the cost grows into this file");
  app.footer(
      "Times are CPU times. Ratios are of figures measured in turn within one run. A play of 4x1 is an execution in\n"
      "which 4 CPUs take and release one lock once, judged by every oracle; `floors` is what its points and "
      "switches\n"
      "would cost at the floors. Engines are measured with one scenario in the place of what they choose, played "
      "as\n"
      "often for each input as the fuzz target does, and with a target that does nothing: inputs a second then.\n"
      "\n"
      "Example: rqfuzz bench speed --runs 9 --svg growth.svg");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr, "rqfuzz: %s (see rqfuzz bench speed --help)\n", error.what());
    return kBadInput;
  }
  return Run(options);
}

}  // namespace
}  // namespace rqfuzz

int main(int argc, char** argv) { return rqfuzz::Main(argc, argv); }
