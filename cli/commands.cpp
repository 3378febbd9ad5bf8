// The table of commands, and what several of them take.
#include "cli/command.h"

namespace eic::cli {

const char* const k_examples =
    "Examples:\n"
    "  eic run models/cobahh.eic                           100 ms of the network; spikes in cobahh.out/\n"
    "  eic run models/cobahh.eic --set w_inh='20 nS' --duration '1 s' --raster raster.svg\n"
    "  eic check my.eic                                    every mistake, with its line and its fix\n"
    "  eic test models                                     every `test` of every model below a folder\n"
    "  eic dump --after=model my.eic                       what the compiler made of it\n";

const char* const k_exit_statuses =
    "Exit status: 0 ok, 1 the model has errors or a test failed, 2 usage, 3 numerical failure,\n"
    "4 a limit was refused, 5 a file cannot be read or written, 70 internal error, 130/143 signals.\n";

std::vector<Option> common_options(Common& common) {
  return {{"--set", "PATH=VALUE", "a parameter's value for this call, with its unit: --set w_inh='20 nS'", &common.raw_settings},
          {"--root", "DIR", "a further folder that imports and CSV files may come from", &common.roots, Completes::Folder}};
}

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {run_command(), check_command(), test_command(), dump_command(), list_command()};
  return all;
}

}  // namespace eic::cli
