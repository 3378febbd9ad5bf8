// In: messages for `eic lsp`. Out: what it answers, as it comes. Used by every test of this folder that runs the program.
#pragma once
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/cli/support.h"

namespace eic::test {

using nlohmann::json;

class Client {
 public:
  explicit Client(const Scratch& scratch, std::vector<std::string> arguments = {"lsp"});
  ~Client();

  void write(const std::string& bytes);  // as they are
  void send(const json& message);
  void notify(const std::string& method, json params);
  int ask(const std::string& method, json params);  // the request's id
  // The next message; nothing at the end of the output or after `seconds`.
  std::optional<json> receive(double seconds = 20);
  // Sends the request and waits for its answer, passing over notifications.
  json call(const std::string& method, json params);
  void initialize();
  void open(const std::string& uri, const std::string& text);  // does not wait for its diagnostics
  // Closes the input and waits; what it still wrote can be received afterwards.
  Ran end();

 private:
  int in_ = -1, out_ = -1;  // ends that are ours
  std::string buffer_;
  std::unique_ptr<Process> process_;
  int next_id_ = 1;
};

std::string frame(const json& message);

}  // namespace eic::test
