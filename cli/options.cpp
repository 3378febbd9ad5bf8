// The command line: options of every command, help, usage errors.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/session.h"
#include "cli/signals.h"
#include "cli/version.h"
#include "compiler/jit/jit.h"

namespace eic::cli {

namespace {

constexpr const char* k_examples =
    "\nExamples:\n"
    "  eic run models/cobahh.eic                           100 ms of the network; spikes in cobahh.out/\n"
    "  eic run models/cobahh.eic --set w_inh='20 nS' --duration '1 s' --raster raster.svg\n"
    "  eic check my.eic                                    every mistake, with its line and its fix\n"
    "  eic test models                                     every `test` of every model below a folder\n"
    "  eic dump --after=model my.eic                       what the compiler made of it\n"
    "\nExit status: 0 ok, 1 the model has errors or a test failed, 2 usage, 3 numerical failure,\n"
    "4 a limit was refused, 5 a file cannot be read or written, 70 internal error, 130/143 signals.\n";

void add_common(CLI::App& app, Common& common, std::vector<std::string>& raw) {
  app.add_option("--set", raw, "a parameter's value for this call, with its unit: --set w_inh='20 nS'")
      ->take_all()
      ->type_name("PATH=VALUE")
      ->expected(1);
  app.add_option("--root", common.roots, "a further folder that imports and CSV files may come from")
      ->take_all()
      ->type_name("DIR")
      ->expected(1);
}

bool split_settings(const std::vector<std::string>& raw, Common& common) {
  for (const std::string& text : raw) {
    size_t sign = text.find('=');
    auto trimmed = [](std::string part) {
      part.erase(0, part.find_first_not_of(' '));
      part.erase(part.find_last_not_of(' ') + 1);
      return part;
    };
    if (sign == std::string::npos || trimmed(text.substr(0, sign)).empty() || trimmed(text.substr(sign + 1)).empty()) {
      usage_error(fmt::format("--set needs PATH=VALUE, such as `--set w_inh='20 nS'`, not `{}`", text));
      return false;
    }
    common.settings.push_back({trimmed(text.substr(0, sign)), trimmed(text.substr(sign + 1))});
  }
  return true;
}

}  // namespace

int main(int argc, const char* const* argv) {
  watch_signals();
  CLI::App app{"eic: a model language for networks of conductance-based neurons, its compiler and its runtime", "eic"};
  app.footer(k_examples);
  app.set_version_flag("--version", [] { return fmt::format("eic {} ({})", k_version, jit::Jit::host_description()); });
  app.require_subcommand(1);

  RunOptions run_options;
  CheckOptions check_options;
  TestOptions test_options;
  DumpOptions dump_options;
  std::vector<std::string> settings;

  CLI::App* run_app = app.add_subcommand("run", "compile a model and run one of its simulations");
  run_app->add_option("FILE", run_options.file, "the model; `-` is standard input")->required();
  run_app->add_option("--sim", run_options.simulation, "which `simulate`, where the file has several")->type_name("NAME");
  run_app->add_option("--out", run_options.out, "folder of the recordings (default: <model>.out)")->type_name("DIR");
  run_app->add_option("--raster", run_options.raster, "draw the recorded spikes")->type_name("FILE.svg");
  run_app->add_option("--seed", run_options.seed, "seed of all draws")->type_name("N");
  run_app->add_option("--dt", run_options.dt, "time step, such as '0.05 ms'")->type_name("TIME");
  run_app->add_option("--duration", run_options.duration, "biological time, such as '1 s'")->type_name("TIME");
  run_app->add_option("--precision", run_options.precision, "single or double")->type_name("P");
  run_app->add_option("--threads", run_options.threads, "threads at most (this version uses one)")
      ->type_name("N")
      ->check(CLI::Range(1U, 4096U));
  run_app
      ->add_option("--width", run_options.width, "cells a vector (default: what suits the CPU); the results do not depend on it")
      ->type_name("N");
  run_app->add_option("--memory-limit", run_options.memory_limit, "refuse what needs more, such as '4 GB'")->type_name("BYTES");
  run_app->add_option("--time-limit", run_options.time_limit, "stop after this wall time, such as '60 s'")->type_name("TIME");
  run_app->add_flag("--json", run_options.common.json, "print the summary as one JSON object");
  run_app->add_flag("--quiet", run_options.quiet, "print no summary and no progress");
  run_app->add_flag("--no-progress", run_options.no_progress, "no progress line");
  add_common(*run_app, run_options.common, settings);

  CLI::App* check_app = app.add_subcommand("check", "report every mistake in models, without running them");
  check_app->add_option("PATH", check_options.paths, "files or folders; `-` is standard input")->required();
  check_app->add_option("--diagnostics", check_options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  add_common(*check_app, check_options.common, settings);

  CLI::App* test_app = app.add_subcommand("test", "run the tests that models contain");
  test_app->add_option("PATH", test_options.paths, "files or folders")->required();
  test_app->add_option("--filter", test_options.filter, "only tests whose name matches this regular expression")->type_name("RE");
  add_common(*test_app, test_options.common, settings);

  CLI::App* dump_app = app.add_subcommand("dump", "print what a step of the compiler made of a model");
  dump_app->add_option("FILE", dump_options.file, "the model")->required();
  dump_app
      ->add_option("--after", dump_options.after,
                   "parse, model, plan, formulate, lower, or a pass: recognise_exprel, simplify, hoist, expand, fuse")
      ->required()
      ->type_name("STEP");
  dump_app->add_option("--sim", dump_options.simulation, "which `simulate`, where the file has several")->type_name("NAME");
  dump_app->add_option("--precision", dump_options.precision, "single or double")->type_name("P");
  dump_app->add_option("--width", dump_options.width, "cells a vector")->type_name("N");
  add_common(*dump_app, dump_options.common, settings);

  CLI::App* list_app = app.add_subcommand("list", "list the standard library");

  for (CLI::App* command : {run_app, check_app, test_app, dump_app, list_app}) command->footer("");

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    CLI::App* asked = &app;
    for (CLI::App* command : {run_app, check_app, test_app, dump_app, list_app})
      if (*command) asked = command;
    return print_out(asked->help()) ? Ok : File;
  } catch (const CLI::CallForVersion& version) {
    return print_out(fmt::format("{}\n", version.what())) ? Ok : File;
  } catch (const CLI::ParseError& error) {
    static const std::vector<std::string> later = {"sweep", "explain", "fmt", "doctor", "lsp"};
    if (argc > 1 && std::find(later.begin(), later.end(), argv[1]) != later.end())
      return usage_error(fmt::format("`eic {}` has no meaning in this version yet", argv[1]));
    return usage_error(fmt::format("{}\nTry `eic --help`.", error.what()));
  }
  for (Common* common : {&run_options.common, &check_options.common, &test_options.common, &dump_options.common})
    if (!split_settings(settings, *common)) return Usage;
  if (*run_app) return run(run_options);
  if (*check_app) return check(check_options);
  if (*test_app) return test(test_options);
  if (*dump_app) return dump(dump_options);
  return list();
}

}  // namespace eic::cli
