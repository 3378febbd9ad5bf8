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
enum class Completes : uint8_t { Nothing, Model, ModelOrFolder, File, Folder, Words };

struct Option {
  std::string name;       // "--set"; a capital word such as "FILE" is a place
  std::string type_name;  // what help calls its value; empty: a flag
  std::string help;
  std::variant<bool*, unsigned*, std::string*, std::optional<std::string>*, std::vector<std::string>*> into;
  Completes completes = Completes::Nothing;
  std::vector<std::string> words = {};  // the values there are, where they can be listed
  bool required = false;
  bool value_optional = false;  // `--diff` or `--diff=WORD`
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
  std::string details = {};  // below the options, in help and man page
};

// Those of the man page, in its order; one function a command, beside what it does.
const std::vector<Command>& commands();
Command run_command();
Command check_command();
Command test_command();
Command dump_command();
Command list_command();

int main(int argc, const char* const* argv);

// Text for the man page's and the help's last part.
extern const char* const k_examples;
extern const char* const k_exit_statuses;

}  // namespace eic::cli
