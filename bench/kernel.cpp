// bench_kernel [--cells N] [--windows N] [--json] [--objects FOLDER]: the kernel that the compiler makes of models/cobahh.eic against the
// hand-written floor, for each instruction set that this processor has, in one process, in turns of a few ms, so that
// whatever else the machine does hits both alike. The kernels' objects are left in FOLDER/TARGET-PRECISION (for bench/mca).
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "bench/flagship.h"
#include "bench/floor.h"
#include "compiler/jit/about.h"
#include "runtime/contract/subnormals.h"

namespace eic::bench {

namespace {

struct Settings {
  uint64_t cells = 4000;
  uint64_t windows = 240;
  double window_ms = 3;
  bool json = false;
  std::optional<std::filesystem::path> objects;
};

struct Side {
  std::vector<double> ns;  // a cell and step, one a window
  uint64_t spikes = 0;

  double minimum() const { return *std::min_element(ns.begin(), ns.end()); }
  double median() const {
    std::vector<double> sorted = ns;
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
    return sorted[sorted.size() / 2];
  }
};

// The floor as built for one instruction set, and whether the kernel may use AVX-512.
struct Target {
  const char* name;
  bool avx512;
  FloorStep<float> in_single;
  FloorStep<double> in_double;
};

std::vector<Target> targets() {
#if defined(__x86_64__)
  std::vector<Target> all = {{"avx2", false, avx2::floor_step<float>, avx2::floor_step<double>}};
  const auto host = jit::about_host();
  if (host && host->vector_bits == 512) all.push_back({"avx512", true, avx512::floor_step<float>, avx512::floor_step<double>});
  return all;
#else
  return {{"native", true, native::floor_step<float>, native::floor_step<double>}};
#endif
}

template <class R>
FloorStep<R> floor_of(const Target& target) {
  if constexpr (sizeof(R) == 4) return target.in_single;
  else return target.in_double;
}

struct Result {
  const char* precision;
  const char* target;
  uint32_t width;
  Side floor, kernel;
};

// The floor's columns, filled with what the compiled kernel starts from.
template <class R>
class FloorCopy {
 public:
  FloorCopy(const FlagshipCells& cells, FloorStep<R> floor) : floor_(floor), state_{cells.padded()}, spikes_(cells.padded()) {
    const double per_capacitance = 1 / k_flagship_capacitance_nf;
    state_.v = copy(cells, "v", 1);
    state_.m = copy(cells, "INa.m", 1);
    state_.h = copy(cells, "INa.h", 1);
    state_.n = copy(cells, "IK.n", 1);
    state_.g_exc = copy(cells, "exc.s", per_capacitance);
    state_.g_inh = copy(cells, "inh.s", per_capacitance);
  }

  // Spikes of real cells.
  uint64_t step(uint64_t cells) {
    const uint64_t count = floor_(state_, spikes_.data());
    return std::lower_bound(spikes_.begin(), spikes_.begin() + count, cells) - spikes_.begin();
  }
  void excite(uint64_t cell, double weight) { state_.g_exc[cell] += static_cast<R>(weight / k_flagship_capacitance_nf); }

 private:
  R* copy(const FlagshipCells& cells, const char* name, double factor) {
    arrays_.emplace_back(cells.padded() * sizeof(R));
    R* to = arrays_.back().template as<R>();
    for (uint64_t i = 0; i < cells.padded(); i++) to[i] = static_cast<R>(cells.value(name, i) * factor);
    return to;
  }

  FloorStep<R> floor_;
  FloorCells<R> state_;
  std::vector<uint32_t> spikes_;
  std::vector<state::Array> arrays_;
};

// Of this thread: what others take of the processor does not count.
double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Step>
double seconds_of(uint64_t steps, uint64_t& spikes, Step&& step) {
  const double began = processor_seconds();
  for (uint64_t i = 0; i < steps; i++) spikes += step();
  return processor_seconds() - began;
}

// Both get the same events between the windows, so that the cells do not fall into step.
template <class R>
Result measure(const Target& target, const Settings& settings) {
  const char* precision = sizeof(R) == 4 ? "single" : "double";
  auto objects = settings.objects;
  if (objects) *objects /= fmt::format("{}-{}", target.name, precision);
  Flagship flagship(sizeof(R) == 4, objects, target.avx512);
  FlagshipCells cells(flagship, settings.cells);
  FloorCopy<R> floor(cells, floor_of<R>(target));
  Result result{precision, target.name, flagship.compiled.jit->width(), {}, {}};
  uint64_t unused = 0;
  const auto step_floor = [&] { return floor.step(settings.cells); };
  const auto step_kernel = [&] { return cells.step(); };

  constexpr uint64_t k_trial = 20;
  seconds_of(k_trial, result.kernel.spikes, step_kernel);
  const double step_s = seconds_of(k_trial, unused, step_floor) / k_trial;
  result.floor.spikes = unused;
  const auto steps = std::max<uint64_t>(1, static_cast<uint64_t>(settings.window_ms / 1000 / step_s));
  uint32_t draw = 1;
  const double per = 1e9 / static_cast<double>(steps * settings.cells);
  for (uint64_t window = 0; window < settings.windows; window++) {
    result.floor.ns.push_back(seconds_of(steps, result.floor.spikes, step_floor) * per);
    result.kernel.ns.push_back(seconds_of(steps, result.kernel.spikes, step_kernel) * per);
    for (uint64_t i = 0; i < settings.cells; i++) {
      draw = draw * 1664525u + 1013904223u;
      const uint64_t cell = (draw >> 8) % settings.cells;
      floor.excite(cell, k_flagship_weight_us);
      cells.excite(cell, k_flagship_weight_us);
    }
  }
  return result;
}

void print_text(const Result& r) {
  fmt::print("{:<7} {:<7} {:>5} {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f} {:>8.3f} {:>8.3f} {:>10} {:>10}\n", r.precision, r.target,
             r.width, r.floor.median(), r.floor.minimum(), r.kernel.median(), r.kernel.minimum(), r.kernel.median() / r.floor.median(),
             r.kernel.minimum() / r.floor.minimum(), r.floor.spikes, r.kernel.spikes);
}

std::string json_text(const Result& r) {
  return fmt::format(
      R"({{"precision":"{}","target":"{}","width":{},"floor_ns":{{"median":{:.4f},"min":{:.4f}}},"kernel_ns":{{"median":{:.4f},"min":{:.4f}}},)"
      R"("ratio":{{"median":{:.4f},"min":{:.4f}}},"spikes":{{"floor":{},"kernel":{}}}}})",
      r.precision, r.target, r.width, r.floor.median(), r.floor.minimum(), r.kernel.median(), r.kernel.minimum(),
      r.kernel.median() / r.floor.median(), r.kernel.minimum() / r.floor.minimum(), r.floor.spikes, r.kernel.spikes);
}

// Rounding differs, so a spike may come a step earlier or later, and fall beyond the last one.
bool same_work(const Result& r) {
  const double apart = std::abs(static_cast<double>(r.floor.spikes) - static_cast<double>(r.kernel.spikes));
  return r.kernel.spikes > 0 && apart <= 2 + 1e-3 * static_cast<double>(r.floor.spikes);
}

bool read_settings(int argc, char** argv, Settings& settings) {
  for (int i = 1; i < argc; i++) {
    const bool more = i + 1 < argc;
    if (std::strcmp(argv[i], "--json") == 0) settings.json = true;
    else if (std::strcmp(argv[i], "--cells") == 0 && more) settings.cells = std::strtoull(argv[++i], nullptr, 10);
    else if (std::strcmp(argv[i], "--windows") == 0 && more) settings.windows = std::strtoull(argv[++i], nullptr, 10);
    else if (std::strcmp(argv[i], "--objects") == 0 && more) settings.objects = argv[++i];
    else return false;
  }
  return settings.cells > 0 && settings.windows > 0;
}

int run(int argc, char** argv) {
  Settings settings;
  if (!read_settings(argc, argv, settings)) {
    fmt::print(stderr, "usage: bench_kernel [--cells N] [--windows N] [--json] [--objects FOLDER]\n");
    return 2;
  }
  const FlushSubnormals flush;
  std::vector<Result> results;
  for (const Target& target : targets()) {
    results.push_back(measure<float>(target, settings));
    results.push_back(measure<double>(target, settings));
  }
  if (settings.json) {
    std::string rows;
    for (const Result& result : results) rows += (rows.empty() ? "" : ",") + json_text(result);
    fmt::print("{{\"cells\":{},\"windows\":{},\"kernels\":[{}]}}\n", settings.cells, settings.windows, rows);
  } else {
    fmt::print("{}\n{} cells, {} windows of {} ms each, in turns; ns a cell and step\n", jit::Jit::host_description(),
               settings.cells, settings.windows, settings.window_ms);
    fmt::print("{:<7} {:<7} {:>5} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8} {:>10} {:>10}\n", "", "", "width", "floor med", "min", "jit med",
               "min", "med/med", "min/min", "spikes", "jit's");
    for (const Result& result : results) print_text(result);
  }
  for (const Result& result : results) {
    if (same_work(result)) continue;
    fmt::print(stderr, "bench_kernel: the floor and the kernel do not compute the same cell in {} precision, {}\n", result.precision,
               result.target);
    return 1;
  }
  return 0;
}

}  // namespace

}  // namespace eic::bench

int main(int argc, char** argv) { return eic::bench::run(argc, argv); }
