// The command line, from the table of commands. CLI11 takes the arguments apart and lays out the help; what is wrong with
// them is found and said here, so that no text of a library reaches the user.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/session.h"
#include "cli/signals.h"
#include "cli/version.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/jit/jit.h"

namespace eic::cli {

namespace {

using Texts = std::vector<std::string>;

constexpr const char* k_help_flag = "--help";
constexpr const char* k_version_flag = "--version";

struct Parser {
  const Command* command;
  CLI::App* app;
  std::vector<CLI::Option*> options;  // in the order of the command's
};

Parser add_command(CLI::App& root, const Command& command) {
  Parser parser{&command, root.add_subcommand(command.name, command.help), {}};
  parser.app->group("Commands")->allow_extras();
  parser.app->set_help_flag(fmt::format("-h,{}", k_help_flag), "print this");
  parser.app->footer(command.details);
  for (const Option& option : command.options) {
    CLI::Option* added;
    if (option.is_flag()) {
      added = parser.app->add_flag(option.name, option.help);
    } else {
      added = parser.app->add_option(option.name, CLI::callback_t(), option.help);
      added->option_text(option.is_place() ? " " : option.value() + (option.required ? " (needed)" : ""));
      if (!option.is_place()) added->take_all()->expected(option.value_optional ? 0 : 1, 1);
      else if (option.is_repeatable()) added->expected(1, -1)->allow_extra_args();
    }
    if (option.required) added->required();
    parser.options.push_back(added);
  }
  return parser;
}

std::string did_you_mean(const std::string& name, const Texts& candidates) {
  auto near = diagnostics::did_you_mean(name, candidates);
  return near ? fmt::format(", did you mean `{}`?", *near) : "";
}

// Why these values cannot be taken; they are taken otherwise.
std::optional<std::string> take(const Option& option, const Texts& values) {
  if (auto* flag = std::get_if<bool*>(&option.into)) {
    **flag = true;
    return values.back() == "true" ? std::nullopt : std::optional(fmt::format("`{}` takes no value", option.name));
  }
  if (values.size() > 1 && !option.is_repeatable()) return fmt::format("`{}` is given twice", option.name);
  if (!option.words.empty())
    for (const std::string& value : values)
      if (std::find(option.words.begin(), option.words.end(), value) == option.words.end() &&
          !(option.value_optional && value.empty()))
        return fmt::format("`{}` is one of `{}`, not `{}`{}", option.name, fmt::join(option.words, "`, `"), value,
                           did_you_mean(value, option.words));
  if (auto* number = std::get_if<unsigned*>(&option.into)) {
    const std::string& text = values[0];
    unsigned value = 0;
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size() || value < option.least || value > option.most) {
      std::string range = option.most != UINT32_MAX ? fmt::format(" from {} to {}", option.least, option.most) : "";
      return fmt::format("`{}` needs a whole number{}, not `{}`", option.name, range, text);
    }
    **number = value;
  } else if (auto* texts = std::get_if<Texts*>(&option.into)) {
    **texts = values;
  } else if (auto* perhaps = std::get_if<std::optional<std::string>*>(&option.into)) {
    **perhaps = values[0];
  } else {
    *std::get<std::string*>(option.into) = values[0];
  }
  return std::nullopt;
}

// An argument that nothing takes.
std::string surplus(const Command& command, const std::string& argument) {
  Texts names = {k_help_flag};
  const Option* place = nullptr;
  for (const Option& option : command.options) {
    if (option.is_place()) place = &option;
    else names.push_back(option.name);
  }
  if (argument.size() > 1 && argument[0] == '-') {
    std::string name = argument.substr(0, argument.find('='));
    return fmt::format("`eic {}` has no option `{}`{}", command.name, name, did_you_mean(name, names));
  }
  if (!place) return fmt::format("`eic {}` takes options only, not `{}`", command.name, argument);
  return fmt::format("`eic {}` takes one {}; `{}` is one too many", command.name, place->name, argument);
}

bool takes_more(const Command& command) {
  return std::any_of(command.options.begin(), command.options.end(),
                     [](const Option& o) { return o.is_place() && o.is_repeatable(); });
}

// What nothing took; `--` only ends the options.
Texts left_over(const CLI::App& app) {
  Texts left = app.remaining();
  std::erase(left, "--");
  return left;
}

// What CLI11 refused, found again in the table: an option without its value is the last argument, for it would have taken
// any other.
std::string fault_of(const Parser& parser, const Texts& arguments) {
  const Command& command = *parser.command;
  for (const Option& option : command.options) {
    if (!option.is_place() && !option.is_flag() && arguments.back() == option.name)
      return fmt::format("`{} {}` needs its value: {}", option.name, option.value(), option.help);
    if (option.is_flag())
      for (const std::string& argument : arguments)
        if (argument.starts_with(option.name + "=")) return fmt::format("`{}` takes no value", option.name);
  }
  for (size_t i = 0; i < command.options.size(); i++) {
    const Option& option = command.options[i];
    if (option.required && parser.options[i]->count() == 0)
      return option.is_place()
                 ? fmt::format("`eic {}` needs a {}: {}", command.name, option.name, option.help)
                 : fmt::format("`eic {}` needs `{} {}`: {}", command.name, option.name, option.value(), option.help);
  }
  return fmt::format("the arguments of `eic {}` cannot be read", command.name);
}

std::string unknown_command(const Texts& left) {
  Texts names;
  for (const Command& command : commands()) names.push_back(command.name);
  if (left.empty()) return fmt::format("a command is needed: `{}`", fmt::join(names, "`, `"));
  if (left[0].size() > 1 && left[0][0] == '-')
    return fmt::format("there is no option `{}` before a command{}", left[0],
                       did_you_mean(left[0], {k_help_flag, k_version_flag}));
  return fmt::format("there is no command `{}`{}", left[0], did_you_mean(left[0], names));
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

std::string closing() {
  std::string text = "Examples:\n";
  for (const Example& example : k_examples) text += fmt::format("  {:<67} {}\n", example.line, example.what);
  return fmt::format("{}\nExit status: {}", text, k_exit_statuses);
}

}  // namespace

int main(int argc, const char* const* argv) {
  ignore_broken_pipes();
  CLI::App app{fmt::format("eic: {}", k_purpose), "eic"};
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("Positionals", "Arguments");
  app.set_help_flag(fmt::format("-h,{}", k_help_flag), "print this; `eic COMMAND --help` prints what a command takes");
  app.set_version_flag(
      k_version_flag, [] { return fmt::format("eic {} ({})", k_version, jit::Jit::host_description()); },
      "print the version, the processor and the vectors chosen for it");
  app.footer(closing());
  app.allow_extras()->require_subcommand(1);
  std::vector<Parser> parsers;
  for (const Command& command : commands()) parsers.push_back(add_command(app, command));
  auto chosen = [&] { return std::find_if(parsers.begin(), parsers.end(), [](const Parser& p) { return p.app->parsed(); }); };
  auto refuse = [](const Parser& parser, const std::string& why) {
    return usage_error(fmt::format("{}\nTry `eic {} --help`.", why, parser.command->name));
  };
  bool refused = false;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print_out(app.help()) ? Ok : File;
  } catch (const CLI::CallForVersion& version) {
    return print_out(fmt::format("{}\n", version.what())) ? Ok : File;
  } catch (const CLI::ParseError&) {
    refused = true;
  }
  auto parser = chosen();
  Texts left = left_over(app);
  if (parser == parsers.end()) return usage_error(fmt::format("{}\nTry `eic --help`.", unknown_command(left)));
  Texts more;  // behind `a --`, where CLI11 thinks that PATH has enough
  if (std::find(argv + 1, argv + argc, std::string_view("--")) != argv + argc && takes_more(*parser->command))
    std::swap(more, left);
  if (Texts own = left_over(*parser->app); !own.empty()) left = own;
  if (!left.empty()) return refuse(*parser, surplus(*parser->command, left[0]));
  if (refused) return refuse(*parser, fault_of(*parser, Texts(argv + 1, argv + argc)));
  const Command& command = *parser->command;
  for (size_t i = 0; i < command.options.size(); i++) {
    Texts values = parser->options[i]->results();
    if (command.options[i].is_place()) values.insert(values.end(), more.begin(), more.end());
    if (values.empty()) continue;
    if (auto why = take(command.options[i], values)) return refuse(*parser, *why);
  }
  if (command.common && !split_settings(*command.common)) return Usage;
  if (command.interruptible) watch_signals();
  try {
    return command.run();
  } catch (const std::bad_alloc&) {
    say("eic: error[{}]: the memory that this process may take is used up\n", diagnostics::info(diagnostics::Kind::LimitMemory).code);
    return Limit;
  } catch (const std::exception& fault) {  // nobody's mistake but ours
    internal_error(__FILE__, __LINE__, fault.what());
  }
}

}  // namespace eic::cli
