// What commands share: reading a model, printing diagnostics, quantities and simulations named on the command line, and
// RunErrors turned into diagnostics.
#pragma once
#include <fmt/format.h>
#include <unistd.h>

#include "cli/command.h"
#include "runtime/contract/error.h"

namespace eic::cli {

// Writes to stderr. One that is closed or full is no fault of the command, which goes on and keeps its status.
void say_text(const std::string& text);
template <class... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
  say_text(fmt::format(format, std::forward<Args>(args)...));
}
bool colour_wanted(int descriptor = STDERR_FILENO);  // it is a terminal and NO_COLOR is not set
void print_diagnostics(const Front& front);  // to stderr
int exit_status(const Front& front);
// Reads and checks; prints what is wrong. `-` is standard input.
bool read(Front& front, const std::string& file, const Common& common);
// Its text alone; nothing after an error.
const source::Source* open(Front& front, const std::string& file);
// All of `eic check` for one file; what is wrong is left in the emitter.
void check_file(Front& front, const std::string& file, const Common& common);
// The same for a text that stands, or is to stand, in the file: what it imports is looked for from there.
void check_text(Front& front, const std::string& file, const std::string& text, const Common& common);
void add_roots(Front& front, const std::string& file, const Common& common);
std::string shown_name(const std::string& file);  // `-` is "(standard input)"
// The one named, or the only one; nothing after a diagnostic.
const sema::Simulation* choose_simulation(Front& front, const std::string& name);
// "0.05 ms" → exact SI seconds. Nothing, with a line on stderr, when it is no time.
std::optional<units::Decimal> time_option(const char* option, const std::string& text);
std::optional<uint64_t> bytes_option(const char* option, const std::string& text);
std::optional<uint64_t> count_option(const char* option, const std::string& text);
// Emits the error at its place in the model and returns its exit status; report_error also prints, and says what has no
// place in the model on a line of its own.
int emit_error(Front& front, const RunError& error);
int report_error(Front& front, const RunError& error);
std::optional<std::filesystem::path> cache_folder();
// "--precision single|double", "--width 1|2|4|…"; false after a line on stderr.
bool precision_option(const std::optional<std::string>& text, std::optional<bool>& single);
bool width_option(unsigned width);
// Writes to stdout; false when the pipe is closed (a reader that has seen enough is no fault of ours).
bool print_out(const std::string& text);
int usage_error(const std::string& message);

}  // namespace eic::cli
