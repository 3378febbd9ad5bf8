// The table of commands, and what several of them take.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.h"

namespace eic::cli {

const char* const k_purpose = "a model language for networks of conductance-based neurons, its compiler and its runtime";

const std::vector<Example> k_examples = {
    {"eic list --example > cobahh.eic", "a network to begin with"},
    {"eic run cobahh.eic", "100 ms of it; spikes in cobahh.out/"},
    {"eic run cobahh.eic --set w_inh='20 nS' --raster raster.svg", "another weight; a picture of the spikes"},
    {"eic sweep cobahh.eic", "its `sweep`: every point, and one table"},
    {"eic check my.eic", "every mistake, with its line and its fix"},
    {"eic explain my.eic", "its equations, and what follows from them"},
    {"eic test models", "every `test` of every model below a folder"},
    {"eic dump --after=model my.eic", "what the compiler made of it"},
};

const char* const k_exit_statuses =
    "0 ok, 1 the model has errors or a test failed, 2 usage, 3 numerical failure,\n"
    "4 a limit was refused, 5 a file cannot be read or written, 70 internal error, 130/143 signals.\n";

std::string Option::value() const {
  std::string listed = fmt::format("{{{}}}", fmt::join(words, ","));
  return words.empty() || listed.size() > 24 ? type_name : listed;
}

std::vector<Option> common_options(Common& common) {
  return {{"--set", "PATH=VALUE", "a parameter's value for this call, with its unit: --set w_inh='20 nS'", &common.raw_settings},
          {"--root", "DIR", "a further folder that imports and CSV files may come from", &common.roots, Completes::Folder}};
}

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {run_command(),        sweep_command(), check_command(), test_command(), explain_command(),
                                           fmt_command(),        dump_command(),  list_command(), lsp_command(),
                                           doctor_command(),     completion_command(), man_command()};
  return all;
}

}  // namespace eic::cli
