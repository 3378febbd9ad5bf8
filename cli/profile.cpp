#include "cli/profile.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "compiler/jit/about.h"

namespace eic::cli {

namespace {

using Tally = engine::Tally;

// Cycles a ns: a chain of operations that take one each.
double measured_clock_ghz() {
  constexpr int k_links = 60'000, k_tries = 5;
  double best_s = 1;
  uint64_t number = 1, other = 0x9e3779b97f4a7c15;
  for (int i = 0; i < k_tries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    for (int link = 0; link < k_links; ++link) {
      number ^= other;
      asm volatile("" : "+r"(number), "+r"(other));  // or the compiler would fold the chain
    }
    best_s = std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return k_links / (best_s * 1e9);
}

// What one vector of cells takes in arithmetic; loads and stores come free beside it.
uint64_t operations_of(const ir::Function& function) {
  return static_cast<uint64_t>(std::count_if(function.values.begin(), function.values.end(), [](const ir::Value& value) {
    const bool renames = value.op == ir::Op::ToBits || value.op == ir::Op::FromBits;
    return ir::info(value.op).arity > 0 && !renames;
  }));
}

uint64_t bytes_of(const ir::Function& function, bool single) {
  std::vector<uint32_t> read;
  for (const ir::Value& value : function.values)
    if (value.op == ir::Op::Column) read.push_back(value.slot);
  std::sort(read.begin(), read.end());
  read.erase(std::unique(read.begin(), read.end()), read.end());
  return (read.size() + function.stores.size()) * (single ? sizeof(float) : sizeof(double));
}

uint32_t vector_bits() {
  const auto host = jit::about_host();
  return host ? host->vector_bits : 128;
}

template <class Part>
double seconds(const engine::Profile& measured, Part part) {
  return std::accumulate(measured.threads.begin(), measured.threads.end(), 0.0,
                         [&](double sum, const Tally& tally) { return sum + part(tally); });
}

double sum(const std::vector<double>& parts) { return std::accumulate(parts.begin(), parts.end(), 0.0); }

// Thread 0 alone records and does what no other can; the others wait whenever they do nothing.
report::ProfileReport::Thread thread_report(const Tally& tally, bool first, double run_s) {
  report::ProfileReport::Thread row{sum(tally.deliver_s) + sum(tally.send_s), sum(tally.input_s), sum(tally.update_s), tally.gaps_s,
                                    tally.record_s, tally.wait_s, 0};
  const double known = row.deliver_s + row.stimuli_s + row.update_s + row.gaps_s + row.record_s;
  if (first) row.other_s = run_s - known - row.wait_s;
  else row.wait_s = run_s - known;
  return row;
}

}  // namespace

report::ProfileReport describe_profile(const Compiled& compiled, const engine::Built& built, const engine::Profile& measured) {
  const plan::Run& run = compiled.planned.run;
  report::ProfileReport report;
  report.steps = measured.steps;
  report.run_s = measured.run_s;
  report.clock_ghz = measured_clock_ghz();
  for (const Tally& tally : measured.threads)
    report.threads.push_back(thread_report(tally, &tally == measured.threads.data(), measured.run_s));
  const uint32_t bits = vector_bits();
  const double lanes = static_cast<double>(bits) / (run.single ? 32 : 64);
  for (size_t p = 0; p < run.populations.size(); p++) {
    const plan::Kernel& kernel = compiled.planned.kernels[compiled.planned.kernel_of[p]];
    const ir::Function& step = kernel.quick_step ? *kernel.quick_step : kernel.step;  // cells outside the guard are few
    report::ProfileReport::Population entry;
    entry.name = run.populations[p].name;
    entry.cell_steps = run.populations[p].size * measured.steps;
    entry.bytes = entry.cell_steps * bytes_of(step, run.single);
    entry.update_s = seconds(measured, [p](const Tally& tally) { return tally.update_s[p]; });
    entry.stimuli_s = seconds(measured, [p](const Tally& tally) { return tally.input_s[p]; });
    entry.operations = operations_of(step);
    entry.floor_ns = static_cast<double>(entry.operations) / (2 * lanes * report.clock_ghz);
    report.populations.push_back(std::move(entry));
  }
  for (size_t p = 0; p < run.projections.size(); p++) {
    if (run.projections[p].gap) continue;
    const connect::Statistics& made = built.projections[p];
    report::ProfileReport::Projection entry{run.projections[p].name, 0, 0, 0};
    for (const Tally& tally : measured.threads) entry.events += tally.events[p];
    const double each = made.synapses > 0 ? static_cast<double>(made.bytes) / static_cast<double>(made.synapses) : 0;
    entry.bytes = static_cast<uint64_t>(static_cast<double>(entry.events) * each);
    entry.deliver_s = seconds(measured, [p](const Tally& tally) { return tally.deliver_s[p]; });
    report.projections.push_back(std::move(entry));
  }
  size_t s = 0;
  for (const plan::Stimulus& stimulus : run.stimuli) {
    if (stimulus.kind != plan::Stimulus::Kind::Poisson && stimulus.kind != plan::Stimulus::Kind::SpikeTimes) continue;
    report::ProfileReport::Stimulus entry{stimulus.name, 0, 0};
    for (const Tally& tally : measured.threads) entry.events += tally.sent[s];
    entry.deliver_s = seconds(measured, [s](const Tally& tally) { return tally.send_s[s]; });
    report.stimuli.push_back(std::move(entry));
    s++;
  }
  return report;
}

}  // namespace eic::cli
