// What the error tests share: a wrong model read as `eic check` reads it, or given to the program itself; what either says
// as one text, "exit N" last. Names of files are relative to tests/errors, where these tests work.
#pragma once
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "cli/session.h"
#include "compiler/diagnostics/render.h"

namespace eic::test {

namespace fs = std::filesystem;

inline const std::string k_folder = EIC_ROOT "/tests/errors";

struct Answer {
  std::string text;
  int exit = 0;
  double seconds = 0;
};

inline std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// A folder of this process, gone with the object.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / fmt::format("eic_errors_{}", getpid())) { fs::create_directories(path_); }
  ~Scratch() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

inline Answer check(const std::string& file, const std::vector<SetOption>& settings = {}) {
  auto began = std::chrono::steady_clock::now();
  Front front;
  cli::Common common;
  common.settings = settings;
  cli::check_file(front, file, common);
  Answer answer;
  answer.exit = front.emitter.exit_status();
  answer.text = diagnostics::render_text(front.emitter, front.sources, false) + fmt::format("exit {}\n", answer.exit);
  answer.seconds = seconds_since(began);
  return answer;
}

// What the program writes to stderr; its recordings go to `out`, which reads {out} in the text.
inline Answer run(const std::string& command, const std::string& file, std::string options, const fs::path& out) {
  for (size_t at; (at = options.find("{out}")) != std::string::npos;) options.replace(at, 5, out.string());
  if ((command == "run" || command == "sweep") && options.find("--out") == std::string::npos) options += " --out " + (out / "made").string();
  fs::path said = out / "stderr.txt";
  auto began = std::chrono::steady_clock::now();
  std::string line = fmt::format("EIC_CACHE_DIR= '{}' {} {} {} 2>'{}' >/dev/null </dev/null", EIC_BINARY, command, file, options, said.string());
  int status = std::system(line.c_str());
  Answer answer;
  answer.seconds = seconds_since(began);
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  answer.text = read_file(said) + fmt::format("exit {}\n", answer.exit);
  for (size_t at; (at = answer.text.find(out.string())) != std::string::npos;) answer.text.replace(at, out.string().size(), "{out}");
  return answer;
}

// `# $ eic run --sim c` in the first line of a model; without it, `eic check`.
struct Command {
  std::string name = "check", options;
};

inline Command command_of(const std::string& text) {
  std::smatch found;
  std::string first = text.substr(0, text.find('\n'));
  if (!std::regex_match(first, found, std::regex("# \\$ eic (\\w+) ?(.*)"))) return {};
  return {found[1], found[2]};
}

inline std::vector<SetOption> settings_of(const std::string& options) {
  std::vector<SetOption> settings;
  std::regex form("--set ([^= ]+)=([^ ]+)");
  for (std::sregex_iterator it(options.begin(), options.end(), form), end; it != end; ++it) settings.push_back({(*it)[1], (*it)[2]});
  return settings;
}

// The golden text beside the model. EIC_BLESS=1 rewrites it.
inline void compare(const std::string& name, const Answer& answer) {
  fs::path golden = name + ".txt";
  if (std::getenv("EIC_BLESS")) std::ofstream(golden, std::ios::binary) << answer.text;
  BOOST_TEST(answer.text == read_file(golden), name << " says\n" << answer.text << "expected\n" << read_file(golden));
}

// Every diagnostic has its place, its line and a caret; those of an unreadable or empty file have no line to show.
inline void check_form(const std::string& name, const std::string& text) {
  static const std::regex head("(\\S.*:\\d+:\\d+: (error|warning)\\[(?:[EW]\\d{4}|L\\d{3})\\]|eic: error\\[E\\d{4}\\]): ([^A-Z].*[^.])");
  static const std::regex caret(" +\\| +\\^+.*");
  static const std::regex lineless("E0110|E0111|E0501|E0601|eic: error");
  std::istringstream lines(text);
  std::string line, last_head;
  int since = 0;
  auto check_caret = [&] { BOOST_TEST((last_head.empty() || std::regex_search(last_head, lineless)), name << " has no caret under: " << last_head); };
  while (std::getline(lines, line)) {
    if (line.find("error[") != std::string::npos || line.find("warning[") != std::string::npos) {
      BOOST_TEST(std::regex_match(line, head), name << " says: " << line);
      check_caret();
      last_head = line;
      since = 0;
    } else if (++since == 2 && std::regex_match(line, caret)) {
      last_head.clear();
    }
  }
  check_caret();
}

}  // namespace eic::test
