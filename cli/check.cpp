// `eic check`: reads, checks, plans every simulation and test; runs nothing.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/paths.h"
#include "cli/session.h"
#include "compiler/diagnostics/render.h"

namespace eic::cli {

namespace {

struct CheckOptions {
  Common common;
  std::vector<std::string> paths;
  std::string format = "text";
};

}  // namespace

void check_file(Front& front, const std::string& file, const Common& common) {
  if (!read(front, file, common)) return;
  const sema::Model& model = *front.model;
  if (model.simulations.empty() && model.tests.empty()) {
    plan::Values values(model, {});
    plan::check_ranges(model, values, front.emitter);
  }
  // a construct whose meaning is to come is an error of the command that needs it, not of this one
  for (sema::Simulation simulation : model.simulations) {
    simulation.later.clear();
    plan_run(front, simulation, {});
  }
  for (const sema::Test& test : model.tests) {
    sema::Simulation run = test.run;
    run.later.clear();
    if (run.dt) plan_run(front, run, {});
  }
}

static int check(const CheckOptions& options) {
  int status = Ok;
  nlohmann::json all = nlohmann::json::array();
  for (const std::string& file : model_files(options.paths)) {
    Front front;
    check_file(front, file, options.common);
    if (options.format == "json")
      for (auto& entry : diagnostics::render_json(front.emitter, front.sources)) all.push_back(std::move(entry));
    else print_diagnostics(front);
    if (status == Ok) status = exit_status(front);
  }
  if (options.format == "json" && !print_out(all.dump(2) + "\n")) return File;
  return status;
}

Command check_command() {
  auto options = std::make_shared<CheckOptions>();
  Command command{"check", "report every mistake in models, without running them",
                  {{"PATH", "", "files or folders; `-` is standard input", &options->paths, Completes::ModelOrFolder, {}, true},
                   {"--diagnostics", "FORMAT", "text or json", &options->format, Completes::Words, {"text", "json"}}},
                  [options] { return check(*options); }, &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  return command;
}

}  // namespace eic::cli
