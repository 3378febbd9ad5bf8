// The command line, from the table of commands: parsing, help, usage errors.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/session.h"
#include "cli/signals.h"
#include "cli/version.h"
#include "compiler/jit/jit.h"

namespace eic::cli {

namespace {

void add(CLI::App& app, const Option& option) {
  CLI::Option* added = nullptr;
  if (auto* flag = std::get_if<bool*>(&option.into)) {
    app.add_flag(option.name, **flag, option.help);
    return;
  }
  std::visit(
      [&](auto* into) {
        if constexpr (!std::is_same_v<decltype(into), bool*>) added = app.add_option(option.name, *into, option.help);
      },
      option.into);
  bool place = option.name[0] != '-';
  if (!place) added->type_name(option.type_name);
  if (std::holds_alternative<std::vector<std::string>*>(option.into) && !place) added->take_all()->expected(1);
  if (option.value_optional) added->expected(0, 1);
  if (option.required) added->required();
  if (!option.words.empty()) added->check(CLI::IsMember(option.words))->type_name(option.type_name);
  if (option.name == "--threads") added->check(CLI::Range(1U, 4096U))->type_name(option.type_name);
}

// `PATH=VALUE`, taken apart at its first sign.
bool split_settings(Common& common) {
  for (const std::string& text : common.raw_settings) {
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
  app.footer(std::string("\n") + k_examples + "\n" + k_exit_statuses);
  app.set_version_flag("--version", [] { return fmt::format("eic {} ({})", k_version, jit::Jit::host_description()); });
  app.require_subcommand(1);
  std::vector<CLI::App*> parsers;
  for (const Command& command : commands()) {
    CLI::App* parser = app.add_subcommand(command.name, command.help);
    for (const Option& option : command.options) add(*parser, option);
    parser->footer(command.details.empty() ? "" : "\n" + command.details);
    parsers.push_back(parser);
  }
  auto chosen = [&] { return std::find_if(parsers.begin(), parsers.end(), [](CLI::App* parser) { return parser->parsed(); }); };
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print_out((chosen() == parsers.end() ? &app : *chosen())->help()) ? Ok : File;
  } catch (const CLI::CallForVersion& version) {
    return print_out(fmt::format("{}\n", version.what())) ? Ok : File;
  } catch (const CLI::ParseError& error) {
    static const std::vector<std::string> later = {"sweep"};
    if (argc > 1 && std::find(later.begin(), later.end(), argv[1]) != later.end())
      return usage_error(fmt::format("`eic {}` has no meaning in this version yet", argv[1]));
    return usage_error(fmt::format("{}\nTry `eic --help`.", error.what()));
  }
  const Command& command = commands()[static_cast<size_t>(chosen() - parsers.begin())];
  if (command.common && !split_settings(*command.common)) return Usage;
  return command.run();
}

}  // namespace eic::cli
