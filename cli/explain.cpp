// `eic explain`: what a model's cells and networks, channels and synapses are: equations, figures that follow, curves, sizes.
// Builds and runs no network.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "cli/explaining/render.h"
#include "cli/session.h"
#include "compiler/explain/explain.h"
#include "compiler/load.h"
#include "runtime/connect/connect.h"
#include "runtime/events/plastic.h"
#include "runtime/state/columns.h"

namespace eic::cli {

namespace {

struct ExplainOptions {
  Common common;
  std::string file, object, format = "text";
};

explain::Sizes sizes_of(const plan::Run& run) {
  explain::Sizes sizes;
  sizes.bytes_text = state::bytes_text;
  for (const plan::Population& population : run.populations)
    sizes.population_bytes.push_back(state::Columns::bytes_needed(population, run.single));
  state::Budget budget(1e300);  // nothing is asked for
  for (const plan::Projection& projection : run.projections) {
    connect::Request request{run, projection, budget};
    sizes.synapses.push_back(connect::synapses_expected(request));
    double bytes = connect::bytes_needed(request);
    if (projection.plasticity)
      bytes += sizes.synapses.back() * events::Plastic::bytes_a_synapse(projection, run.single);
    sizes.projection_bytes.push_back(bytes);
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

// Not what the file only derives from.
bool of_interest(const Front& front, uint32_t cell) {
  if (front.model->cells[cell].span.file == front.program->modules[0].source->id()) return true;
  for (const sema::Network& network : front.model->networks)
    for (const sema::Population& population : network.populations)
      if (population.cell == cell) return true;
  return false;
}

void explain_model(Front& front, const std::string& object, explain::Document& document) {
  const sema::Model& model = *front.model;
  plan::Values values(model, {});
  plan::check_ranges(model, values, front.emitter);
  if (front.emitter.has_errors()) return;
  for (uint32_t i = 0; i < model.cells.size(); i++)
    if (!model.cells[i].made_for_test && (object.empty() ? of_interest(front, i) : model.cells[i].name == object))
      explain::add_cell(document, model, model.cells[i], simulation_of_cell(model, i));
  for (uint32_t i = 0; i < model.networks.size(); i++) {
    const sema::Network& network = model.networks[i];
    if (network.made_for_test || (!object.empty() && network.name != object)) continue;
    const sema::Simulation* simulation = simulation_of(model, i);
    if (!simulation) {
      document.sections.push_back({1, "Network " + network.name, {explain::Paragraph{"No `simulate` of this file runs it."}}});
      continue;
    }
    if (auto plan = plan_run(front, *simulation, {})) explain::add_network(document, network, plan->run, sizes_of(plan->run));
  }
}

// What is explained: a file, or a name of the library as a file that imports it.
struct Subject {
  std::string file, text;
  const Common& common;
};

bool check_with(Front& front, const Subject& subject, const std::string& more, const std::vector<SetOption>& settings) {
  add_roots(front, subject.file, subject.common);
  std::string text = subject.text + more;
  return read_model(front, shown_name(subject.file), &text, settings);
}

// `tau_max`, `KM.tau_max` and `temperature` are those of the cell that is made for it.
std::vector<SetOption> settings_within(const explain::Declared& declared, const std::string& cell, const Common& common) {
  std::vector<SetOption> settings = common.settings;
  for (SetOption& setting : settings) {
    std::string name =
        setting.path.starts_with(declared.name + ".") ? setting.path.substr(declared.name.size() + 1) : setting.path;
    if (name == "temperature") setting.path = cell + "." + name;
    for (const ast::Item& item : declared.mechanism->items)
      if (auto* param = std::get_if<ast::Param>(&item.node); param && param->name.text == name)
        setting.path = fmt::format("{}.{}.{}", cell, declared.name, name);
  }
  return settings;
}

// A rule means something in a projection only: what it says, as it is written, once the file is found to be right.
int explain_rule(const Subject& subject, const explain::Declared& declared, explain::Document& document) {
  Front front;
  if (check_with(front, subject, "", subject.common.settings)) {
    document.title = declared.name;
    explain::Section section{1, explain::title_of(declared), {}};
    if (std::string comment = explain::comment_of(declared); !comment.empty())
      section.blocks.emplace_back(explain::Paragraph{std::move(comment)});
    section.blocks.emplace_back(explain::parameters_of(declared));
    for (std::string& part : explain::rule_of(declared)) section.blocks.emplace_back(explain::Paragraph{std::move(part)});
    document.sections.push_back(std::move(section));
  }
  print_diagnostics(front);
  return exit_status(front);
}

// Prints what is wrong; the exit status.
int explain_mechanism(const Subject& subject, const explain::Declared& declared, explain::Document& document) {
  if (declared.mechanism->kind == ast::MechanismKind::Plasticity) return explain_rule(subject, declared, document);
  explain::Around around = explain::cell_around(declared, subject.text);
  Front front;
  if (check_with(front, subject, "\n" + around.text, settings_within(declared, around.cell, subject.common))) {
    auto here = explain::find_mechanism(*front.program, declared.name);
    document.title = declared.name;
    for (const sema::Cell& cell : front.model->cells)
      if (cell.name == around.cell) explain::add_mechanism(document, *front.model, cell, *here, around);
  }
  print_diagnostics(front);
  return exit_status(front);
}

// What the file declares and imports, nothing checked.
std::unique_ptr<Front> load_subject(Subject& subject) {
  auto front = std::make_unique<Front>();
  const source::Source* source = nullptr;
  if (subject.text.empty()) source = open(*front, subject.file);
  else source = open_source(*front, subject.file, &subject.text);
  if (source) {
    subject.text = source->text();
    add_roots(*front, subject.file, subject.common);
    front->program = load(*source, front->sources, front->emitter);
  }
  return front;
}

std::string nothing_named(const Front& front, const std::string& file, const std::string& object) {
  std::vector<std::string> names;
  for (const sema::Cell& cell : front.model->cells)
    if (!cell.made_for_test) names.push_back(cell.name);
  for (const sema::Network& network : front.model->networks)
    if (!network.made_for_test) names.push_back(network.name);
  for (const auto& all : {explain::own_mechanisms(*front.program), explain::imported_mechanisms(*front.program)})
    for (const explain::Declared& declared : all) names.push_back(declared.name);
  std::string said = fmt::format("{} has no cell, network, channel, synapse or rule `{}`", shown_name(file), object);
  if (names.empty()) return said + ", and none of another name";
  if (auto near = diagnostics::did_you_mean(object, names)) return fmt::format("{}, did you mean `{}`?", said, *near);
  return fmt::format("{}; there is `{}`", said, fmt::join(names, "`, `"));
}

// "std.channels.K_TM1991", where no file has that name.
std::optional<std::pair<std::string, std::string>> library_name(const std::string& file) {
  size_t dot = file.rfind('.');
  if (!file.starts_with("std.") || dot < 4 || file.ends_with(".eic")) return std::nullopt;
  return std::pair{file.substr(0, dot), file.substr(dot + 1)};
}

// Of a file without cells and networks: its only mechanism, or nothing.
std::optional<explain::Declared> only_mechanism(const sema::Program& program) {
  for (const ast::Item& item : program.modules[0].ast.items)
    if (std::holds_alternative<ast::Cell>(item.node) || std::holds_alternative<ast::Network>(item.node)) return std::nullopt;
  std::vector<explain::Declared> own = explain::own_mechanisms(program);
  return own.size() == 1 ? std::optional(own[0]) : std::nullopt;
}

explain::Section nothing(const sema::Program& program) {
  std::string text = "This file has neither cells nor networks, channels or synapses of its own.";
  for (const explain::Declared& declared : explain::imported_mechanisms(program))
    text += fmt::format(" It imports `{}`, which can be asked for by name.", declared.name);
  return {1, "Nothing to explain", {explain::Paragraph{text}}};
}

int explain(const ExplainOptions& options) {
  Subject subject{options.file, "", options.common};
  std::string object = options.object;
  if (auto library = library_name(options.file)) {
    subject.text = fmt::format("use {} {{ {} }}\n", library->first, library->second);
    if (object.empty()) object = library->second;
  }
  std::unique_ptr<Front> loaded = load_subject(subject);
  if (!loaded->program || loaded->emitter.has_errors()) {
    print_diagnostics(*loaded);
    return exit_status(*loaded);
  }
  const sema::Program& program = *loaded->program;

  explain::Document document;
  if (auto asked = object.empty() ? only_mechanism(program) : explain::find_mechanism(program, object)) {
    if (int status = explain_mechanism(subject, *asked, document)) return status;
  } else {
    Front front;
    bool typed = options.file == "-" || library_name(options.file);  // its text is there
    if (typed ? check_with(front, subject, "", options.common.settings) : read(front, options.file, options.common)) {
      document.title = front.model->name;
      explain_model(front, object, document);
    }
    print_diagnostics(front);
    if (front.emitter.has_errors()) return exit_status(front);
    if (document.sections.empty() && !object.empty()) return usage_error(nothing_named(front, options.file, object));
    if (document.sections.empty())  // a library of one's own
      for (const explain::Declared& declared : explain::own_mechanisms(program))
        if (int status = explain_mechanism(subject, declared, document)) return status;
    if (document.sections.empty()) document.sections.push_back(nothing(program));
  }
  std::string out = options.format == "html"       ? explain_html(document)
                    : options.format == "latex"    ? explain_latex(document)
                    : options.format == "markdown" ? explain_markdown(document)
                                                   : explain_text(document);
  return print_out(out) ? Ok : File;
}

}  // namespace

Command explain_command() {
  auto options = std::make_shared<ExplainOptions>();
  Command command{
      "explain",
      "equations of a cell or channel as they are integrated, what follows; sizes of a network",
      {{"FILE", "", "the model, or `std.channels.NAME`, `std.neurons.NAME` …; `-` is standard input", &options->file, Completes::Model, {}, true},
       {"OBJECT", "", "a cell, network, channel or synapse; without it, all cells and networks", &options->object},
       {"--format",
        "FORMAT",
        "text, markdown, latex or html",
        &options->format,
        Completes::Words,
        {"text", "markdown", "latex", "html"}}},
      [options] { return explain(*options); },
      &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  return command;
}

}  // namespace eic::cli
