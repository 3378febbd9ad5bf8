// In: how to start `eic` as a process of its own. Out: what it wrote, where, and how it ended. Used by every test of this
// folder.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace eic::test {

struct Call {
  std::vector<std::string> arguments;
  std::filesystem::path folder;          // to start in
  std::string input;                     // standard input
  std::vector<std::string> environment;  // further NAME=value
  bool terminal = false;                 // stderr is a terminal
  int out = -1;                          // stdout, where it is not to be caught
  std::function<void()> prepare;         // in the child, before `eic` starts
};

struct Ran {
  int exit = -1;    // its exit status
  int signal = 0;   // or what ended it
  std::string out, err;
  double seconds = 0;
};

class Process {
 public:
  explicit Process(const Call& call);
  Process(const Process&) = delete;
  ~Process();  // ends what still runs

  void send(int signal) const;
  // Until stderr holds the text, or the time is up.
  bool says(const std::string& text, double seconds = 20);
  // Until it ends; after `seconds` it is killed, and `signal` says so.
  Ran wait(double seconds = 60);

 private:
  bool read_some(double seconds);  // false at the end of both streams or when the time is up

  pid_t id_ = -1;
  int out_ = -1, err_ = -1;
  Ran ran_;
};

Ran run(const Call& call);

}  // namespace eic::test
