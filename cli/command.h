// What a command is: its name, what it takes, what it does. One table (commands.cpp) is read by the parser of the command
// line (options.cpp), the help, the completions and the man page.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/compile.h"

namespace eic::cli {

enum Exit : int { Ok = 0, ModelError = 1, Usage = 2, Numerical = 3, Limit = 4, File = 5, Internal = k_exit_internal };

// What a shell offers for a value.
enum class Completes : uint8_t { Nothing, Model, ModelOrFolder, File, Folder, Words, Simulation };

struct Option {
  std::string name;       // "--set"; a capital word such as "FILE" is a place
  std::string type_name;  // what help calls its value; empty: a flag
  std::string help;
  std::variant<bool*, unsigned*, std::string*, std::optional<std::string>*, std::vector<std::string>*> into;
  Completes completes = Completes::Nothing;
  std::vector<std::string> words = {};  // the values there are, where they can be listed
  bool required = false;
  bool value_optional = false;  // `--diff` or `--diff=WORD`
  uint32_t least = 0, most = UINT32_MAX;  // of a number

  bool is_place() const { return name[0] != '-'; }
  bool is_flag() const { return std::holds_alternative<bool*>(into); }
  bool is_repeatable() const { return std::holds_alternative<std::vector<std::string>*>(into); }
  std::string value() const;  // what stands for it in help and man page: "TIME", "{text,json}"
};

// What commands that read a model take.
struct Common {
  std::vector<std::string> raw_settings;  // as typed
  std::vector<SetOption> settings;        // taken apart before the command runs
  std::vector<std::string> roots;
};
std::vector<Option> common_options(Common& common);

struct Command {
  std::string name, help;
  std::vector<Option> options;
  std::function<int()> run;
  Common* common = nullptr;
  std::string details = {};    // below the options, in help and man page
  bool interruptible = false;  // ends by itself after a signal, keeping what it has
};

// Those of the man page, in its order; one function a command, beside what it does.
const std::vector<Command>& commands();
Command run_command();
Command sweep_command();
Command check_command();
Command test_command();
Command explain_command();
Command dump_command();
Command fmt_command();
Command list_command();
Command lsp_command();
Command doctor_command();
Command completion_command();
Command man_command();

int main(int argc, const char* const* argv);

// What the help of `eic` and the man page begin and end with.
extern const char* const k_purpose;
struct Example {
  const char *line, *what;
};
extern const std::vector<Example> k_examples;
extern const char* const k_exit_statuses;

}  // namespace eic::cli
