#include "tests/cli/process.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>

namespace eic::test {

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

struct Ends {
  int read = -1, write = -1;
};

Ends make_pipe() {
  int ends[2];
  BOOST_REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  return {ends[0], ends[1]};
}

Ends make_terminal() {
  int master, slave;
  BOOST_REQUIRE(openpty(&master, &slave, nullptr, nullptr, nullptr) == 0);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(slave, F_SETFD, FD_CLOEXEC);
  return {master, slave};
}

// A file, so that nobody has to feed it.
int input_file(const std::string& text) {
  FILE* file = std::tmpfile();
  BOOST_REQUIRE(file);
  BOOST_REQUIRE(std::fwrite(text.data(), 1, text.size(), file) == text.size());
  std::rewind(file);
  int copy = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
  std::fclose(file);
  return copy;
}

// Reads what is there; closes the stream at its end, which a terminal shows as an error.
void drain(int& stream, std::string& to) {
  char buffer[4096];
  ssize_t n = read(stream, buffer, sizeof buffer);
  if (n > 0) to.append(buffer, static_cast<size_t>(n));
  else close(std::exchange(stream, -1));
}

}  // namespace

Process::Process(const Call& call) {
  int program = open(EIC_BINARY, O_RDONLY | O_CLOEXEC);  // by descriptor: another user may not reach the build folder
  BOOST_REQUIRE(program >= 0);
  std::vector<const char*> arguments = {"eic"}, environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  for (const std::string& argument : call.arguments) arguments.push_back(argument.c_str());
  for (const std::string& entry : call.environment) environment.push_back(entry.c_str());
  arguments.push_back(nullptr);
  environment.push_back(nullptr);
  int input = input_file(call.input);
  Ends out = call.out >= 0 ? Ends{-1, dup(call.out)} : make_pipe();
  Ends err = call.terminal ? make_terminal() : make_pipe();
  id_ = fork();
  BOOST_REQUIRE(id_ >= 0);
  if (id_ == 0) {
    dup2(input, 0);
    dup2(out.write, 1);
    dup2(err.write, 2);
    std::signal(SIGPIPE, SIG_DFL);
    if (!call.folder.empty() && chdir(call.folder.c_str()) != 0) _exit(126);
    if (call.prepare) call.prepare();
    fexecve(program, const_cast<char* const*>(arguments.data()), const_cast<char* const*>(environment.data()));
    _exit(127);
  }
  for (int end : {program, input, out.write, err.write}) close(end);
  out_ = out.read;
  err_ = err.read;
}

Process::~Process() {
  for (int stream : {out_, err_})
    if (stream >= 0) close(stream);
  if (id_ < 0) return;
  kill(id_, SIGKILL);
  waitpid(id_, nullptr, 0);
}

void Process::send(int signal) const { kill(id_, signal); }

bool Process::read_some(double seconds) {
  pollfd streams[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  if (out_ < 0 && err_ < 0) return false;
  if (poll(streams, 2, static_cast<int>(seconds * 1000)) <= 0) return false;
  if (streams[0].revents) drain(out_, ran_.out);
  if (streams[1].revents) drain(err_, ran_.err);
  return true;
}

bool Process::says(const std::string& text, double seconds) {
  auto began = Clock::now();
  while (ran_.err.find(text) == std::string::npos)
    if (since(began) > seconds || !read_some(seconds - since(began))) return false;
  return true;
}

Ran Process::wait(double seconds) {
  auto began = Clock::now();
  while (since(began) < seconds && read_some(seconds - since(began))) {
  }
  if (out_ >= 0 || err_ >= 0) kill(id_, SIGKILL);
  int status = 0;
  waitpid(std::exchange(id_, -1), &status, 0);
  ran_.seconds = since(began);
  if (WIFEXITED(status)) ran_.exit = WEXITSTATUS(status);
  else ran_.signal = WTERMSIG(status);
  return ran_;
}

Ran run(const Call& call) { return Process(call).wait(); }

}  // namespace eic::test
