// In: the messages of an editor, one at a time. Out: what to answer, and what to tell unasked (JSON-RPC 2.0 and the Language
// Server Protocol 3.17). Holds the open documents; reads and writes no stream. Called by cli/lsp.cpp and tests/lsp.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/lsp/document.h"

namespace eic::lsp {

// Codes of JSON-RPC and of the protocol.
enum Code : int {
  k_parse_error = -32700,
  k_invalid_request = -32600,
  k_method_unknown = -32601,
  k_invalid_params = -32602,
  k_not_initialized = -32002
};

class Server {
 public:
  explicit Server(std::vector<std::string> roots) : roots_(std::move(roots)) {}
  // The messages to send, in order.
  std::vector<json> receive(const std::string& content);
  // When no more input waits: the diagnostics of what has changed. So a checker that is slower than the typist never lags.
  std::vector<json> settle();
  static json parse_error(const std::string& why);
  // After `exit`: the process's status.
  std::optional<int> exit_status() const { return exit_status_; }
  // At the end of the input: 0 only after `shutdown`.
  int status_at_end() const { return shut_down_ ? 0 : 1; }

 private:
  struct Fault {
    int code;
    std::string message;
  };
  struct Answer {
    json result;
    std::optional<Fault> fault;
  };
  Answer request(const std::string& method, const json& params);
  void notification(const std::string& method, const json& params);
  json initialize(const json& params);
  Answer feature(const std::string& method, const json& params);

  void open(const json& params);
  void change(const json& params);
  void close(const json& params);
  void analyse(Document& document);
  void tell_again(const std::string& saved);  // those that may import what was saved
  Document* document(const json& params);

  std::vector<std::string> roots_;
  std::map<std::string, Document> documents_;  // by URI
  std::vector<json> out_;
  bool initialized_ = false, shut_down_ = false, related_ = false;
  std::optional<int> exit_status_;
};

}  // namespace eic::lsp
