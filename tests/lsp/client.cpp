#include "tests/lsp/client.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>

namespace eic::test {

namespace {

// The length of the first whole frame's header and content; nothing where there is none yet.
std::optional<std::pair<size_t, size_t>> first_frame(std::string_view bytes) {
  constexpr std::string_view k_header = "Content-Length: ";
  size_t end = bytes.find("\r\n\r\n");
  if (end == bytes.npos) return std::nullopt;
  BOOST_REQUIRE_MESSAGE(bytes.starts_with(k_header), "no header: " << bytes.substr(0, end));
  size_t length = std::stoul(std::string(bytes.substr(k_header.size(), end - k_header.size())));
  if (bytes.size() < end + 4 + length) return std::nullopt;
  return std::pair(end + 4, length);
}

json parsed(std::string_view content) {
  json message = json::parse(content, nullptr, false);
  BOOST_REQUIRE_MESSAGE(!message.is_discarded(), "no JSON: " << content);
  BOOST_TEST(message["jsonrpc"] == "2.0");
  return message;
}

}  // namespace

std::string frame(const json& message) {
  std::string content = message.dump();
  return fmt::format("Content-Length: {}\r\n\r\n{}", content.size(), content);
}

Client::Client(const Scratch& scratch, std::vector<std::string> arguments) {
  int to[2], from[2];
  BOOST_REQUIRE((pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0));
  Call call = scratch.call(std::move(arguments));
  call.out = from[1];
  call.prepare = [end = to[0]] { dup2(end, 0); };
  process_ = std::make_unique<Process>(call);
  close(to[0]);
  close(from[1]);
  in_ = to[1];
  out_ = from[0];
}

Client::~Client() {
  for (int end : {in_, out_})
    if (end >= 0) close(end);
}

void Client::write(const std::string& bytes) {
  for (size_t at = 0; at < bytes.size();) {
    ssize_t n = ::write(in_, bytes.data() + at, bytes.size() - at);
    BOOST_REQUIRE(n > 0);
    at += static_cast<size_t>(n);
  }
}

void Client::send(const json& message) { write(frame(message)); }

void Client::notify(const std::string& method, json params) {
  send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

int Client::ask(const std::string& method, json params) {
  send({{"jsonrpc", "2.0"}, {"id", next_id_}, {"method", method}, {"params", std::move(params)}});
  return next_id_++;
}

std::optional<json> Client::receive(double seconds) {
  auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (true) {
    if (auto found = first_frame(buffer_)) {
      json message = parsed(std::string_view(buffer_).substr(found->first, found->second));
      buffer_.erase(0, found->first + found->second);
      return message;
    }
    double left = std::chrono::duration<double>(until - std::chrono::steady_clock::now()).count();
    pollfd stream{out_, POLLIN, 0};
    if (left <= 0 || poll(&stream, 1, static_cast<int>(left * 1000) + 1) <= 0) return std::nullopt;
    char bytes[65536];
    ssize_t n = read(out_, bytes, sizeof bytes);
    if (n <= 0) return std::nullopt;
    buffer_.append(bytes, static_cast<size_t>(n));
  }
}

json Client::call(const std::string& method, json params) {
  int id = ask(method, std::move(params));
  while (auto message = receive())
    if (message->contains("id") && (*message)["id"] == id) return *message;
  BOOST_FAIL("no answer to " << method);
  return {};
}

void Client::initialize() {
  json answer = call("initialize", {{"processId", nullptr}, {"rootUri", nullptr}, {"capabilities", json::object()}});
  BOOST_REQUIRE(answer.contains("result"));
  notify("initialized", json::object());
}

void Client::open(const std::string& uri, const std::string& text) {
  notify("textDocument/didOpen", {{"textDocument", {{"uri", uri}, {"languageId", "eic"}, {"version", 1}, {"text", text}}}});
}

Ran Client::end() {
  close(std::exchange(in_, -1));
  return process_->wait();
}

}  // namespace eic::test
