#include "cli/testing/mutate.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/signals.h"
#include "cli/testing/reach.h"
#include "runtime/report/format.h"

namespace eic::cli {

namespace {

constexpr double k_changes[] = {-0.01, 0.01, -0.1, 0.1};

// What one change of one parameter did to one test.
struct Mutant {
  size_t job = 0;
  std::string param;  // its path
  std::string shown;  // with the file's name before it, where there are several
  size_t change = 0;  // in k_changes
  bool refused = false, moved = false;
  std::vector<bool> failed;  // one an expectation
};

struct Baseline {
  TestOutcome outcome;
  std::vector<std::string> got;
};

// Another parameter's value under another name is that parameter's mutant.
bool is_alias(const sema::Param& param) { return !param.value || param.value->op == sema::ExprOp::Param; }

// A channel under test stands in a cell of its own name, made anew for each test: `Leak.g`, whatever tells those apart.
std::string short_path(const sema::Model& model, const sema::Test& test, const std::string& path) {
  if (!test.of_channel) return path;
  size_t at = path.rfind(model.networks[test.run.network].populations[0].name + ".");
  return at == std::string::npos ? path : path.substr(at);
}

sema::ExprPtr changed(const sema::Model& model, const sema::Test& test, uint32_t index, double by) {
  plan::Values values(model, {&test.run.params});
  double value = values.param(index);
  static const units::Dimension voltage = units::parse_unit("mV")->dimension;
  const sema::Param& param = model.params[index];
  // a zero is moved on the scale of its kind: a tenth of 100 mV, or of one of its unit
  double scale = value != 0 ? value : param.dimension == voltage ? 100.0 : units::to_internal("1", param.unit).value_or(1);
  return sema::number(value + by * scale, param.dimension, param.value->span);
}

std::vector<std::string> results_of(const TestOutcome& outcome) {
  std::vector<std::string> got;
  for (const ExpectOutcome& expect : outcome.expects) got.push_back(expect.verdict.got + expect.verdict.divergence);
  return got;
}

void run_mutant(Front* read, const TestJob& job, const Baseline& baseline, Mutant& mutant) {
  if (!read || *job.index >= read->model->tests.size()) {  // changed by somebody meanwhile
    mutant.refused = true;
    return;
  }
  Front& front = *read;
  sema::Test test = front.model->tests[*job.index];
  const auto& params = front.model->params;
  auto index = static_cast<uint32_t>(
      std::find_if(params.begin(), params.end(), [&](const sema::Param& param) { return param.path == mutant.param; }) -
      params.begin());
  test.run.params[index] = changed(*front.model, test, index, k_changes[mutant.change]);
  TestOutcome outcome = run_test(front, job.file, test);
  mutant.refused = outcome.expects.size() != baseline.outcome.expects.size();
  if (mutant.refused) return;
  mutant.moved = results_of(outcome) != baseline.got;
  for (const ExpectOutcome& expect : outcome.expects) mutant.failed.push_back(!expect.verdict.holds);
}

// Of one parameter, over all tests: how many expectations fail at 1 % and at 10 %, of how many.
struct Noticed {
  size_t at_1 = 0, at_10 = 0, of = 0;
  bool refused = true, moved = false;  // refused: each of its mutants
};

struct Tally {
  std::vector<std::string> order;  // parameters, as first met
  std::map<std::string, Noticed> params;
  std::vector<std::vector<bool>> noticed;  // [job][expectation]: some mutant makes it fail
};

Tally tally(const std::vector<Baseline>& baselines, const std::vector<Mutant>& mutants) {
  Tally all;
  std::map<std::string, std::map<std::pair<size_t, size_t>, std::pair<bool, bool>>> fails;  // param → (job, expect) → 1 %, 10 %
  for (const Baseline& baseline : baselines) all.noticed.emplace_back(baseline.outcome.expects.size(), false);
  for (const Mutant& mutant : mutants) {
    auto [place, fresh] = all.params.try_emplace(mutant.shown);
    if (fresh) all.order.push_back(mutant.shown);
    place->second.refused &= mutant.refused;
    place->second.moved |= mutant.moved;
    for (size_t i = 0; i < mutant.failed.size(); i++) {
      auto& [at_1, at_10] = fails[mutant.shown][{mutant.job, i}];
      if (!mutant.failed[i]) continue;
      all.noticed[mutant.job][i] = true;
      (std::abs(k_changes[mutant.change]) < 0.05 ? at_1 : at_10) = true;
    }
  }
  for (auto& [param, expects] : fails)
    for (const auto& [where, failed] : expects) {
      Noticed& noticed = all.params[param];
      noticed.of++, noticed.at_1 += failed.first, noticed.at_10 += failed.second;
    }
  return all;
}

const char* reason(const Noticed& noticed) {
  if (noticed.refused) return "changed so, the model is refused, and nothing is measured";
  if (noticed.moved) return "what is measured moves, and stays within every band";
  return "what is measured did not change, at 1 % nor at 10 %";
}

nlohmann::json json_of(const std::vector<Baseline>& baselines, const Tally& all, size_t mutants, double seconds) {
  nlohmann::json params = nlohmann::json::array(), expects = nlohmann::json::array();
  for (const std::string& path : all.order) {
    const Noticed& noticed = all.params.at(path);
    params.push_back({{"path", path},
                      {"expects", noticed.of},
                      {"noticed_at_1_percent", noticed.at_1},
                      {"noticed_at_10_percent", noticed.at_10}});
    if (noticed.at_10 == 0) params.back()["reason"] = reason(noticed);
  }
  for (size_t job = 0; job < baselines.size(); job++)
    for (size_t i = 0; i < baselines[job].outcome.expects.size(); i++) {
      const ExpectOutcome& expect = baselines[job].outcome.expects[i];
      expects.push_back({{"place", expect.place}, {"text", expect.text}, {"noticed", static_cast<bool>(all.noticed[job][i])}});
    }
  return {{"mutants", mutants}, {"seconds", seconds}, {"parameters", params}, {"expectations", expects}};
}

std::string text_of(const std::vector<Baseline>& baselines, const Tally& all, size_t mutants, double seconds) {
  report::Table table({0});
  table.row({"parameter", "at 1 %", "at 10 %", "of"});
  for (const std::string& path : all.order) {
    const Noticed& noticed = all.params.at(path);
    table.row({path, fmt::format("{}", noticed.at_1), fmt::format("{}", noticed.at_10), fmt::format("{}", noticed.of)});
  }
  std::string out =
      fmt::format("{} of {} in {}: expectations that fail when the parameter changes\n\n{}\n", report::counted(mutants, "mutant"),
                  report::counted(all.order.size(), "parameter"), report::seconds_text(seconds), table.text("  "));
  std::string unnoticed, blind;
  for (const std::string& path : all.order)
    if (all.params.at(path).at_10 == 0) unnoticed += fmt::format("  {}: {}\n", path, reason(all.params.at(path)));
  for (size_t job = 0; job < baselines.size(); job++)
    for (size_t i = 0; i < all.noticed[job].size(); i++)
      if (!all.noticed[job][i])
        blind +=
            fmt::format("  {}: expect {}\n", baselines[job].outcome.expects[i].place, baselines[job].outcome.expects[i].text);
  out += unnoticed.empty() ? "every parameter is noticed at 10 % by some expectation\n"
                           : "parameters that no expectation notices at 10 %:\n" + unnoticed;
  out += blind.empty() ? "every expectation fails for some mutant\n" : "expectations that no mutant makes fail:\n" + blind;
  return out;
}

}  // namespace

int mutate(const std::vector<TestJob>& jobs, const Common& common, unsigned threads, bool json) {
  auto began = std::chrono::steady_clock::now();
  std::vector<Baseline> baselines;
  bool sound = true;
  run_tests(jobs, common, threads, [&](TestOutcome& outcome) {
    if (!outcome.passed) {
      say("{}", outcome.diagnostics);
      std::string what = outcome.name.empty() ? outcome.file + " has errors"
                                              : fmt::format("`{}` of {} fails as it stands", outcome.name, outcome.file);
      say("eic: {}: there is nothing to mutate\n", what);
      sound = false;
    }
    baselines.push_back({std::move(outcome), {}});
    baselines.back().got = results_of(baselines.back().outcome);
    return true;
  });
  if (int signal = interrupt_flag().load()) return 128 + signal;
  if (!sound) return ModelError;

  std::vector<Mutant> mutants;
  Models models(common);
  bool several = std::any_of(jobs.begin(), jobs.end(), [&](const TestJob& job) { return job.file != jobs[0].file; });
  for (size_t job = 0; job < jobs.size(); job++) {
    Front* front = models.of(jobs[job].file);
    if (!front || *jobs[job].index >= front->model->tests.size()) continue;  // changed by somebody meanwhile
    const sema::Model& model = *front->model;
    for (uint32_t param : reached_params(model, model.tests[*jobs[job].index]))
      for (size_t change = 0; change < std::size(k_changes) && !is_alias(model.params[param]); change++) {
        const std::string& path = model.params[param].path;
        std::string shown = several ? jobs[job].file + ": " : "";
        shown += short_path(model, model.tests[*jobs[job].index], path);
        mutants.push_back({job, path, shown, change, false, false, {}});
      }
  }
  std::atomic<size_t> next = 0;
  {
    std::vector<std::jthread> workers;
    start(workers, std::min<size_t>(threads, mutants.size()), [&] {
      Models own(common);
      for (size_t m = next++; m < mutants.size() && interrupt_flag().load() == 0; m = next++)
        run_mutant(own.of(jobs[mutants[m].job].file), jobs[mutants[m].job], baselines[mutants[m].job], mutants[m]);
    });
  }
  if (int signal = interrupt_flag().load()) return 128 + signal;
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  Tally all = tally(baselines, mutants);
  bool printed = print_out(json ? json_of(baselines, all, mutants.size(), seconds).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"
                                : text_of(baselines, all, mutants.size(), seconds));
  return printed ? Ok : File;
}

}  // namespace eic::cli
