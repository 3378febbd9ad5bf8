// `eic completion bash|zsh|fish`: the script that completes `eic` in a shell, made from the table of commands.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/session.h"

namespace eic::cli {

namespace {

// In single quotes, which mean the same in bash and zsh.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += (c == '\'' || c == '\\' ? "\\" : "") + std::string(1, c);
  return out + "'";
}

std::vector<std::string> flags_of(const Command& command) {
  std::vector<std::string> names = {"--help"};
  for (const Option& option : command.options)
    if (!option.is_place()) names.push_back(option.name);
  return names;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.push_back(command.name);
  return names;
}

// --- bash -----------------------------------------------------------------------------------------------------------------

constexpr const char* k_bash_begin = R"sh(# Completes `eic` in bash; made by `eic completion bash`.
_eic_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_eic_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$@" -- "$cur")
}
_eic_models() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$cur"; compgen -f -X '!*.eic' -- "$cur")
}
_eic_simulations() {
  local word
  for word in "${COMP_WORDS[@]:2}"; do
    if [[ $word == *.eic ]]; then _eic_words "$("${COMP_WORDS[0]}" list --simulations "${word//\\/}" 2>/dev/null)"; fi
  done
}
_eic() {
  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} option=
  COMPREPLY=()
  if [[ $cur == = ]]; then option=$previous= cur=  # to bash, `=` is a word
  elif [[ $previous == = ]]; then option=${COMP_WORDS[COMP_CWORD-2]}=
  elif [[ $previous == -* ]]; then option=$previous
  fi
)sh";

std::string bash_action(const Option& option) {
  switch (option.completes) {
    case Completes::Model:
    case Completes::ModelOrFolder: return "_eic_models";
    case Completes::File: return "_eic_files -f";
    case Completes::Folder: return "_eic_files -d";
    case Completes::Words: return fmt::format("_eic_words {}", quoted(fmt::format("{}", fmt::join(option.words, " "))));
    case Completes::Simulation: return "_eic_simulations";
    case Completes::Nothing: break;
  }
  return ":";
}

std::string bash() {
  std::string out = k_bash_begin;
  out += fmt::format("  if ((COMP_CWORD == 1)); then\n    _eic_words '{} --help --version'\n    return\n  fi\n",
                     fmt::join(command_names(), " "));
  out += "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands()) {
    std::string place = ":";
    out += fmt::format("    {})\n      case $option in\n", command.name);
    for (const Option& option : command.options) {
      if (option.is_place()) place = bash_action(option);
      if (option.is_place() || option.is_flag()) continue;
      out += fmt::format("        {}{}=) {} ;;\n", option.value_optional ? "" : option.name + " | ", option.name,
                         bash_action(option));
    }
    out += fmt::format("        *) if [[ $cur == -* ]]; then _eic_words '{}'; else {}; fi ;;\n      esac ;;\n",
                       fmt::join(flags_of(command), " "), place);
  }
  return out + "  esac\n}\ncomplete -F _eic eic\n";
}

// --- zsh ------------------------------------------------------------------------------------------------------------------

constexpr const char* k_zsh_begin = R"sh(#compdef eic
# Completes `eic` in zsh; made by `eic completion zsh`.
_eic_simulations() {
  local file=${words[(r)*.eic]}
  [[ -n $file ]] && compadd -- ${(f)"$($program list --simulations ${(Q)file} 2>/dev/null)"}
}
_eic() {
  local program=$words[1]
)sh";

// For the inside of `[…]` and between colons of an _arguments specification.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (char c : text) out += (c == '[' || c == ']' || c == ':' || c == '\\' ? "\\" : "") + std::string(1, c);
  return out;
}

std::string zsh_action(const Option& option) {
  switch (option.completes) {
    case Completes::Model:
    case Completes::ModelOrFolder: return "_files -g \"*.eic\"";
    case Completes::File: return "_files";
    case Completes::Folder: return "_files -/";
    case Completes::Words: return fmt::format("({})", fmt::join(option.words, " "));
    case Completes::Simulation: return "_eic_simulations";
    case Completes::Nothing: break;
  }
  return " ";
}

std::string zsh_specification(const Option& option) {
  std::string said = zsh_text(option.is_place() ? option.name : option.type_name), action = zsh_action(option);
  if (option.is_place()) return quoted(fmt::format("{}:{}:{}", option.is_repeatable() ? "*" : "1", said, action));
  std::string begin = fmt::format("{}{}", option.is_repeatable() ? "*" : "", option.name), help = zsh_text(option.help);
  if (option.is_flag()) return quoted(fmt::format("{}[{}]", begin, help));
  if (option.value_optional) return quoted(fmt::format("{}=-[{}]::{}:{}", begin, help, said, action));
  return quoted(fmt::format("{}=[{}]:{}:{}", begin, help, said, action));
}

std::string zsh() {
  std::string out = k_zsh_begin;
  out += "  if (( CURRENT == 2 )); then\n    local -a commands=(\n";
  for (const Command& command : commands()) out += fmt::format("      {}\n", quoted(command.name + ":" + zsh_text(command.help)));
  out +=
      "    )\n    _describe command commands\n    _arguments '--help[print the help]' '--version[print the version]'\n    "
      "return\n  fi\n";
  out += "  shift words\n  (( CURRENT-- ))\n  case $words[1] in\n";
  for (const Command& command : commands()) {
    out += fmt::format("    {})\n      _arguments '--help[print the help]'", command.name);
    for (const Option& option : command.options) out += " \\\n        " + zsh_specification(option);
    out += " ;;\n";
  }
  return out + "  esac\n}\nif [[ $funcstack[1] == _eic ]]; then _eic \"$@\"; else compdef _eic eic; fi\n";
}

// --- fish -----------------------------------------------------------------------------------------------------------------

constexpr const char* k_fish_begin = R"sh(# Completes `eic` in fish; made by `eic completion fish`.
function __eic_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = $argv[1]
end
function __eic_has_no_command
    test (count (commandline -opc)) -eq 1
end
function __eic_simulations
    set -l words (commandline -opc)
    for file in (string match -- '*.eic' $words)
        $words[1] list --simulations $file 2>/dev/null
    end
end
function __eic_models
    __fish_complete_suffix .eic | string match -r '^[^\t]*(?:/|\.eic)(?:\t.*)?$'
end
complete -c eic -f
complete -c eic -n __eic_has_no_command -l help -d 'print the help'
complete -c eic -n __eic_has_no_command -l version -d 'print the version'
)sh";

std::string fish_action(const Option& option) {
  switch (option.completes) {
    case Completes::Model:
    case Completes::ModelOrFolder: return "-a '(__eic_models)'";
    case Completes::File: return "-F";
    case Completes::Folder: return "-a '(__fish_complete_directories)'";
    case Completes::Words: return "-a " + fish_quoted(fmt::format("{}", fmt::join(option.words, " ")));
    case Completes::Simulation: return "-a '(__eic_simulations)'";
    case Completes::Nothing: break;
  }
  return "";
}

std::string fish() {
  std::string out = k_fish_begin;
  for (const Command& command : commands()) {
    out += fmt::format("complete -c eic -n __eic_has_no_command -a {} -d {}\n", command.name, fish_quoted(command.help));
    std::string begin = fmt::format("complete -c eic -n '__eic_is {}'", command.name);
    out += begin + " -l help -d 'print the help'\n";
    for (const Option& option : command.options) {
      std::string action = fish_action(option), said = " -d " + fish_quoted(option.help);
      if (option.is_place()) {
        if (!action.empty()) out += fmt::format("{} {}\n", begin, action);
        continue;
      }
      bool takes = !option.is_flag() && !option.value_optional;
      if (option.is_flag()) action.clear();
      out += fmt::format("{} -l {}{}{}{}{}\n", begin, option.name.substr(2),
                         !takes                                ? ""
                         : option.completes == Completes::File ? " -r"
                                                               : " -x",
                         action.empty() ? "" : " ", action, said);
    }
  }
  return out;
}

}  // namespace

Command completion_command() {
  auto shell = std::make_shared<std::string>();
  return {"completion",
          "print the script that completes `eic` in a shell",
          {{"SHELL", "", "bash, zsh or fish", shell.get(), Completes::Words, {"bash", "zsh", "fish"}, true}},
          [shell] {
            return print_out(*shell == "bash" ? bash() : *shell == "zsh" ? zsh() : fish()) ? Ok : File;
          },
          nullptr,
          "In bash, for this session:  source <(eic completion bash)\n"
          "for every one:              eic completion bash > ~/.local/share/bash-completion/completions/eic\n"
          "In zsh, in a folder of $fpath:  eic completion zsh > ~/.zfunc/_eic\n"
          "In fish:                    eic completion fish > ~/.config/fish/completions/eic.fish"};
}

}  // namespace eic::cli
