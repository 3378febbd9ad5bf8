// `eic man`: the manual page, in roff, made from the table of commands.
#include <fmt/format.h>

#include "cli/session.h"
#include "cli/version.h"

namespace eic::cli {

namespace {

// The character at `i` of UTF-8 text by its number, which every roff reads; `i` is left on its last byte.
std::string named(const std::string& text, size_t& i) {
  auto byte = [&](size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
  unsigned first = byte(i), more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1, code = first & (0x3fu >> more);
  for (; more > 0; more--) code = code << 6 | (byte(++i) & 0x3fu);
  return fmt::format("\\[u{:04X}]", code);
}

// Text as roff prints it: no line begins a request, and a sign is the sign that was written.
std::string roff(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    char c = text[i];
    if ((i == 0 || text[i - 1] == '\n') && (c == '.' || c == '\'')) out += "\\&";
    if (static_cast<unsigned char>(c) >= 0x80) out += named(text, i);
    else if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else if (c == '\'') out += "\\(aq";
    else if (c == '`') out += "\\(ga";
    else if (c == '^') out += "\\(ha";
    else if (c == '~') out += "\\(ti";
    else out += c;
  }
  return out;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

std::string term(const Option& option) {
  if (option.is_place()) return italic(option.name) + (option.is_repeatable() ? " ..." : "");
  if (option.is_flag()) return bold(option.name);
  if (option.value_optional) return bold(option.name) + "[=" + italic(option.value()) + "]";
  return bold(option.name) + " " + italic(option.value());
}

std::string entry(const std::string& term, const std::string& text) { return fmt::format(".TP\n{}\n{}\n", term, roff(text)); }

std::string synopsis(const Command& command) {
  std::string out = fmt::format("{} [{}]", bold("eic " + command.name), italic("option"));
  for (const Option& option : command.options)
    if (option.is_place() || option.required) out += " " + term(option);
  return out;
}

std::string page() {
  std::string out =
      fmt::format(".\\\" Made by `eic man`.\n.TH EIC 1 \"\" \"eic {}\" \"\"\n.nh\n.ad l\n.SH NAME\neic \\- {}\n.SH SYNOPSIS\n",
                  k_version, roff(k_purpose));
  for (const Command& command : commands()) out += synopsis(command) + "\n.br\n";
  out += fmt::format("{}\n.br\n{}\n", bold("eic --help"), bold("eic --version"));
  out +=
      ".SH COMMANDS\nResults go to the standard output, everything else to the standard error.\n"
      "Every command takes \\fB\\-\\-help\\fR.\n";
  for (const Command& command : commands()) {
    out += fmt::format(".SS {}\n{}.\n", roff("eic " + command.name), roff(command.help));
    for (const Option& option : command.options) {
      out += entry(term(option), option.help);
      if (!option.words.empty() && option.value() == option.type_name) {
        std::string all;
        for (const std::string& word : option.words) all += (all.empty() ? "" : ", ") + word;
        if (option.help.find(option.words.back()) == std::string::npos) out += ".br\nOne of " + roff(all) + ".\n";
      }
    }
    if (!command.details.empty()) out += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(command.details));
  }
  out += fmt::format(".SH EXIT STATUS\n{}", roff(k_exit_statuses));
  out += ".SH ENVIRONMENT\n" + entry(bold("EIC_CACHE_DIR"), "the folder of the compiled code that is kept; empty: none is kept");
  out += entry(bold("XDG_CACHE_HOME"), "where EIC_CACHE_DIR is not set, the folder is `eic` in this one, or in ~/.cache");
  out += entry(bold("NO_COLOR"), "when not empty, messages have no colour");
  out += ".SH EXAMPLES\n";
  for (const Example& example : k_examples) out += entry(bold(example.line), example.what);
  return out;
}

}  // namespace

Command man_command() {
  return {"man",   "print the manual page, in roff", {}, [] { return print_out(page()) ? Ok : File; },
          nullptr, "To read it:  eic man | man -l -"};
}

}  // namespace eic::cli
