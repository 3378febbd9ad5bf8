#include "cli/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>

#include "compiler/diagnostics/render.h"
#include "compiler/parse/parse.h"
#include "compiler/source/limits.h"

namespace eic::cli {

using diagnostics::Kind;

void say_text(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::clearerr(stderr);
}

bool colour_wanted(int descriptor) {
  const char* no = std::getenv("NO_COLOR");
  return isatty(descriptor) && !(no && *no);
}

void print_diagnostics(const Front& front) {
  say("{}", diagnostics::render_text(front.emitter, front.sources, colour_wanted()));
}

int exit_status(const Front& front) { return front.emitter.exit_status(); }

int usage_error(const std::string& message) {
  say("eic: {}\n", message);
  return Usage;
}

std::string shown_name(const std::string& file) { return file == "-" ? "(standard input)" : file; }

// All of standard input; nothing after an error.
static std::optional<std::string> standard_input(Front& front) {
  std::string text;
  std::vector<char> buffer(1 << 16);
  while (std::cin && text.size() <= source::k_max_file_bytes) {
    std::cin.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    text.append(buffer.data(), static_cast<size_t>(std::cin.gcount()));
  }
  if (text.size() <= source::k_max_file_bytes) return text;
  const source::Source& nothing = front.sources.add_text(shown_name("-"), "");
  front.emitter.emit(Kind::LimitFileSize, nothing.whole(),
                     fmt::format("standard input holds more than {} bytes", source::k_max_file_bytes));
  return std::nullopt;
}

bool read(Front& front, const std::string& file, const Common& common) {
  for (const std::string& root : common.roots) front.sources.add_root(root);
  if (file != "-") return read_model(front, file, nullptr, common.settings);
  front.sources.add_root(".");  // standard input has no folder of its own
  auto text = standard_input(front);
  return text && read_model(front, shown_name(file), &*text, common.settings);
}

const source::Source* open(Front& front, const std::string& file) {
  if (file != "-") return open_source(front, file, nullptr);
  auto text = standard_input(front);
  return text ? open_source(front, shown_name(file), &*text) : nullptr;
}

const sema::Simulation* choose_simulation(Front& front, const std::string& name) {
  const auto& all = front.model->simulations;
  std::vector<std::string> names;
  std::string listed;
  for (const sema::Simulation& simulation : all) {
    names.push_back(simulation.name);
    listed += (listed.empty() ? "`" : ", `") + simulation.name + "`";
    if (simulation.name == name || (name.empty() && all.size() == 1)) return &simulation;
  }
  source::Span start = all.empty() ? source::Span{0, 0, 0} : all[0].span;
  if (all.empty()) {
    front.emitter.emit(Kind::NoSimulation, start, "this file has no `simulate`")
        .help("add `simulate run of … { duration = 100 ms, dt = 0.1 ms, record spikes of … }`");
  } else if (name.empty()) {
    front.emitter.emit(Kind::NoSimulation, start, "this file has several simulations: " + listed)
        .help("choose one: `--sim " + names[0] + "`");
  } else {
    auto& diagnostic = front.emitter.emit(Kind::NoSimulation, start, fmt::format("there is no simulation `{}`", name));
    auto near = diagnostics::did_you_mean(name, names);
    diagnostic.help(near ? fmt::format("did you mean `{}`?", *near) : "there is " + listed);
  }
  return nullptr;
}

std::optional<units::Decimal> time_option(const char* option, const std::string& text) {
  source::SourceSet sources;
  diagnostics::Emitter emitter;
  ast::ExprPtr value = parse::parse_expression(sources.add_text(option, text), emitter);
  static const units::Dimension time = units::parse_unit("ms")->dimension;
  bool good =
      value && !emitter.has_errors() && value->kind == ast::ExprKind::Number && value->has_unit && value->unit.dimension == time;
  auto exact = good ? units::to_decimal(value->text, value->unit) : std::nullopt;
  if (!exact) usage_error(fmt::format("{} needs a time with its unit, such as `{} \"0.1 ms\"`, not `{}`", option, option, text));
  return exact;
}

std::optional<uint64_t> count_option(const char* option, const std::string& text) {
  uint64_t value = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault == std::errc() && end == text.data() + text.size()) return value;
  usage_error(fmt::format("{} needs a whole number, not `{}`", option, text));
  return std::nullopt;
}

std::optional<uint64_t> bytes_option(const char* option, const std::string& text) {
  double value = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  while (!unit.empty() && unit[0] == ' ') unit.remove_prefix(1);
  static constexpr std::pair<std::string_view, double> k_units[] = {
      {"", 1}, {"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}};
  for (auto [word, scale] : k_units)
    if (fault == std::errc() && unit == word && value > 0 && value * scale < 1.8e19) return static_cast<uint64_t>(value * scale);
  usage_error(fmt::format("{} needs a size such as `4 GB`, not `{}`", option, text));
  return std::nullopt;
}

static std::optional<Kind> kind_of(const RunError& error) {
  using K = RunError::Kind;
  switch (error.kind) {
    case K::Data: return Kind::DataBad;
    case K::Rule: return Kind::RuleArgument;
    case K::FileUnreadable: return Kind::FileUnreadable;
    case K::FileUnwritable: return Kind::FileUnwritable;
    case K::Limit: return Kind::LimitSize;
    case K::Memory: return Kind::LimitMemory;
    case K::Numerical: return Kind::NumericalFault;
    case K::BrokenPipe: break;
  }
  return std::nullopt;  // said by nobody: the reader has seen enough
}

int emit_error(Front& front, const RunError& error) {
  auto kind = kind_of(error);
  if (!kind) return File;
  auto& diagnostic = front.emitter.emit(*kind, {error.origin.file, error.origin.begin, error.origin.end}, error.message);
  if (!error.help.empty()) diagnostic.help(error.help);
  return diagnostics::info(*kind).exit_status;
}

int report_error(Front& front, const RunError& error) {
  auto kind = kind_of(error);
  if (!kind) return File;
  if (error.origin.end > error.origin.begin) {
    int status = emit_error(front, error);
    print_diagnostics(front);
    return status;
  }
  const diagnostics::KindInfo& info = diagnostics::info(*kind);
  say("eic: error[{}]: {}\n", info.code, error.message);
  if (!error.help.empty()) say("  help: {}\n", error.help);
  return info.exit_status;
}

std::optional<std::filesystem::path> cache_folder() {
  if (const char* own = std::getenv("EIC_CACHE_DIR")) return *own ? std::optional<std::filesystem::path>(own) : std::nullopt;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg) return std::filesystem::path(xdg) / "eic";
  if (const char* home = std::getenv("HOME"); home && *home) return std::filesystem::path(home) / ".cache" / "eic";
  return std::nullopt;
}

bool precision_option(const std::optional<std::string>& text, std::optional<bool>& single) {
  if (!text) return true;
  if (*text != "single" && *text != "double") {
    usage_error(fmt::format("--precision is `single` or `double`, not `{}`", *text));
    return false;
  }
  single = *text == "single";
  return true;
}

bool width_option(unsigned width) {
  if (width == 0 || (width <= 64 && (width & (width - 1)) == 0)) return true;
  usage_error(fmt::format("--width is a power of two up to 64, not {}", width));
  return false;
}

bool print_out(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return true;
  if (errno != EPIPE) say("eic: standard output cannot be written: {}\n", std::strerror(errno));
  return false;
}

}  // namespace eic::cli
