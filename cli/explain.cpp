// `eic explain`: what a model's cells and networks are: equations, figures that follow, sizes. Builds and runs no network.
#include <fmt/format.h>

#include "cli/explaining/render.h"
#include "cli/session.h"
#include "compiler/explain/explain.h"
#include "runtime/connect/connect.h"
#include "runtime/state/columns.h"

namespace eic::cli {

namespace {

struct ExplainOptions {
  Common common;
  std::string file, object, format = "text";
};

explain::Sizes sizes_of(const plan::Run& run) {
  explain::Sizes sizes;
  for (const plan::Population& population : run.populations)
    sizes.population_bytes.push_back(state::Columns::bytes_needed(population, run.single));
  state::Budget budget(1e300);  // nothing is asked for
  for (const plan::Projection& projection : run.projections) {
    connect::Request request{run, projection, budget};
    sizes.synapses.push_back(connect::synapses_expected(request));
    sizes.projection_bytes.push_back(connect::bytes_needed(request));
  }
  return sizes;
}

// The first simulation of the network; its dt and parameters stand for it.
const sema::Simulation* simulation_of(const sema::Model& model, uint32_t network) {
  for (const sema::Simulation& simulation : model.simulations)
    if (simulation.network == network) return &simulation;
  return nullptr;
}

const sema::Simulation* simulation_of_cell(const sema::Model& model, uint32_t cell) {
  for (const sema::Simulation& simulation : model.simulations)
    for (const sema::Population& population : model.networks[simulation.network].populations)
      if (population.cell == cell) return &simulation;
  return nullptr;
}

// Networks that tests made for one cell have a name that nobody can write.
bool is_written(const sema::Network& network) { return !network.name.starts_with("("); }

// False where nothing of the model has that name.
bool explain(Front& front, const std::string& object, explain::Document& document) {
  const sema::Model& model = *front.model;
  bool found = false;
  for (uint32_t i = 0; i < model.cells.size(); i++)
    if (object.empty() || model.cells[i].name == object) {
      explain::add_cell(document, model, model.cells[i], simulation_of_cell(model, i));
      found = true;
    }
  for (uint32_t i = 0; i < model.networks.size(); i++) {
    const sema::Network& network = model.networks[i];
    if (!is_written(network) || (!object.empty() && network.name != object)) continue;
    found = true;
    const sema::Simulation* simulation = simulation_of(model, i);
    if (!simulation) {
      document.sections.push_back({1, "Network " + network.name, {explain::Paragraph{"No `simulate` of this file runs it."}}});
      continue;
    }
    sema::Simulation planned = *simulation;
    planned.later.clear();
    if (auto plan = plan_run(front, planned, {})) explain::add_network(document, network, plan->run, sizes_of(plan->run));
  }
  return found || object.empty();
}

int explain(const ExplainOptions& options) {
  Front front;
  explain::Document document;
  if (read(front, options.file, options.common)) {
    document.title = front.model->name;
    if (!explain(front, options.object, document)) {
      std::vector<std::string> names;
      for (const sema::Cell& cell : front.model->cells) names.push_back(cell.name);
      for (const sema::Network& network : front.model->networks)
        if (is_written(network)) names.push_back(network.name);
      std::string all;
      for (const std::string& name : names) all += (all.empty() ? "`" : "`, `") + name;
      auto near = diagnostics::did_you_mean(options.object, names);
      print_diagnostics(front);
      return usage_error(fmt::format("there is no cell or network `{}`{}; there is {}`", options.object,
                                     near ? fmt::format(", did you mean `{}`?", *near) : "", all));
    }
  }
  print_diagnostics(front);
  if (front.emitter.has_errors()) return exit_status(front);
  if (document.sections.empty())
    document.sections.push_back({1, "Nothing to explain", {explain::Paragraph{"This file has neither cells nor networks."}}});
  std::string out = options.format == "html"       ? explain_html(document)
                    : options.format == "latex"    ? explain_latex(document)
                    : options.format == "markdown" ? explain_markdown(document)
                                                   : explain_text(document);
  return print_out(out) ? Ok : File;
}

}  // namespace

Command explain_command() {
  auto options = std::make_shared<ExplainOptions>();
  Command command{"explain", "equations of a cell as they are integrated, what follows from them; sizes of a network",
                  {{"FILE", "", "the model; `-` is standard input", &options->file, Completes::Model, {}, true},
                   {"OBJECT", "", "a cell or a network; without it, all of them", &options->object},
                   {"--format", "FORMAT", "text, markdown, latex or html", &options->format, Completes::Words, {"text", "markdown", "latex", "html"}}},
                  [options] { return explain(*options); }, &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  return command;
}

}  // namespace eic::cli
