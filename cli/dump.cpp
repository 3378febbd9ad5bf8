// `eic dump --after=STEP`: the value on any arrow of the compiler, as text.
#include <fmt/format.h>

#include "cli/session.h"
#include "compiler/ast/print.h"
#include "compiler/ir/print.h"
#include "compiler/parse/roles.h"
#include "compiler/sema/model_print.h"

namespace eic::cli {

namespace {

struct DumpOptions {
  Common common;
  std::string file, after, simulation;
  std::optional<std::string> precision;
  unsigned width = 0;
};

const std::vector<std::string> k_steps = {"tokens", "parse", "model", "formulate", "recognise_exprel", "simplify", "hoist",
                                          "guard",  "expand", "fuse",  "narrow", "plan",      "lower"};

std::string formulated(const plan::Planned& planned) {
  std::string out;
  for (const plan::Kernel& kernel : planned.kernels) {
    const solvers::Formulation& made = kernel.formulation;
    out += ir::print(made.step);
    for (const auto* function : {&made.init, &made.prime, &made.observe})
      if (*function) out += "\n" + ir::print(**function);
    for (const ir::Function& event : made.events) out += "\n" + ir::print(event);
  }
  return out;
}

// The main file's alone, whatever a later step says about it.
std::string tokens(Front& front) {
  front.emitter = {};
  std::string out;
  const source::Source& source = front.sources.get(0);
  for (const parse::Spot& spot : parse::roles(source, front.emitter)) {
    source::Position at = source.position(spot.span.begin);
    std::string_view text = source.text().substr(spot.span.begin, spot.span.end - spot.span.begin);
    out += fmt::format("{}:{} {} {}\n", at.line, at.column, parse::role_name(spot.role), text);
  }
  return out;
}

}  // namespace

static int dump(const DumpOptions& options) {
  const std::string& step = options.after;
  CompileOptions compile_options;
  if (!width_option(options.width) || !precision_option(options.precision, compile_options.choices.single)) return Usage;
  compile_options.width = options.width;
  Front front;
  std::string out;
  bool good = read(front, options.file, options.common);
  if (step == "tokens" && front.sources.size() > 0) out = tokens(front);
  else if (step == "parse" && front.program && !front.program->modules.empty() && (good || !front.emitter.has_errors()))
    out = ast::print(front.program->modules[0].ast);
  else if (good && step == "model") out = sema::print(*front.model);
  else if (good) {
    const sema::Simulation* simulation = choose_simulation(front, options.simulation);
    compile_options.watch = [&](const std::string& pass, const ir::Function& function) {
      if (pass == step) out += (out.empty() ? "" : "\n") + ir::print(function);
    };
    if (simulation && step == "lower") {
      compile_options.keep_text = true;
      if (auto compiled = compile(front, *simulation, compile_options)) out = compiled->jit->llvm_text();
    } else if (simulation) {
      auto planned = plan_run(front, *simulation, compile_options);
      if (planned && step == "plan") out = plan::print(planned->run);
      if (planned && step == "formulate") out = formulated(*planned);
    }
  }
  print_diagnostics(front);
  if (front.emitter.has_errors()) return exit_status(front);
  return print_out(out) ? Ok : File;
}

Command dump_command() {
  auto options = std::make_shared<DumpOptions>();
  Command command{"dump", "print what a step of the compiler made of a model",
                  {{"FILE", "", "the model", &options->file, Completes::Model, {}, true},
                   {"--after", "STEP",
                    "tokens, parse, model, plan, formulate, lower, or a pass: recognise_exprel, simplify, hoist, guard, expand, fuse, narrow",
                    &options->after, Completes::Words, k_steps, true},
                   {"--sim", "NAME", "which `simulate`, where the file has several", &options->simulation},
                   {"--precision", "P", "single or double", &options->precision},
                   {"--width", "N", "cells a vector", &options->width}},
                  [options] { return dump(*options); }, &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  return command;
}

}  // namespace eic::cli
