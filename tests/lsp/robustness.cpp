// What no editor should send, in pieces that no editor would choose; and a thousand edits of the flagship.
#include <chrono>
#include <random>
#include <thread>

#include "tests/lsp/client.h"

using namespace eic::test;

namespace {

const std::string k_uri = "file:///nowhere/m.eic";

json place(const std::string& uri, uint32_t line, uint32_t character) {
  return {{"textDocument", {{"uri", uri}}}, {"position", {{"line", line}, {"character", character}}}};
}

int code_of(const std::optional<json>& message) {
  bool error = message && message->contains("error");
  return error ? (*message)["error"]["code"].get<int>() : 0;
}

std::string raw(const std::string& content) { return fmt::format("Content-Length: {}\r\n\r\n{}", content.size(), content); }

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_no_message_is_answered_and_passed_over) {
  Scratch scratch;
  Client client(scratch);
  client.initialize();
  for (const char* garbage : {"{", "", "\xff\xfe", "[1,2", "nonsense", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xc3\"}"}) {
    client.write(raw(garbage));
    BOOST_TEST(code_of(client.receive()) == -32700, garbage);
  }
  for (const char* wrong :
       {"[]", "1", "null", "\"a\"", "{}", "{\"id\":1}", "{\"id\":[1],\"method\":\"shutdown\"}", "{\"id\":1,\"method\":7}"}) {
    client.write(raw(wrong));
    BOOST_TEST(code_of(client.receive()) == -32600, wrong);
  }
  client.write("X-Other: 1\r\n\r\n");
  BOOST_TEST(code_of(client.receive()) == -32700);
  client.write("Content-Length: many\r\n\r\n");
  BOOST_TEST(code_of(client.receive()) == -32700);
  client.write(std::string(20000, 'x'));
  BOOST_TEST(code_of(client.receive()) == -32700);
  BOOST_TEST(code_of(client.call("textDocument/hover", place(k_uri, 0, 0))) == -32602);
  client.write(raw(std::string(200000, '[')));
  BOOST_TEST(code_of(client.receive()) == -32700);
  BOOST_TEST(client.end().exit == 1);
}

BOOST_AUTO_TEST_CASE(huge_messages_are_refused_and_skipped) {
  Scratch scratch;
  Client client(scratch);
  client.initialize();
  size_t size = (64u << 20) + 1;
  client.write(fmt::format("Content-Length: {}\r\n\r\n", size));
  BOOST_TEST(code_of(client.receive()) == -32700);
  for (size_t sent = 0; sent < size; sent += 1 << 20) client.write(std::string(std::min<size_t>(1 << 20, size - sent), 'x'));
  BOOST_TEST(code_of(client.call("nothing", {})) == -32601);
  client.write("Content-Length: 99999999999999999999999\r\n\r\n");
  BOOST_TEST(code_of(client.receive()) == -32700);
}

BOOST_AUTO_TEST_CASE(pieces_and_several_at_once) {
  Scratch scratch;
  Client client(scratch);
  std::string first =
      frame({{"jsonrpc", "2.0"}, {"id", "a"}, {"method", "initialize"}, {"params", {{"capabilities", json::object()}}}});
  for (char c : first) {
    client.write(std::string(1, c));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  auto answer = client.receive();
  BOOST_TEST((answer && (*answer)["id"] == "a" && answer->contains("result")));
  std::string two = frame({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "nothing"}}) +
                    frame({{"jsonrpc", "2.0"}, {"id", 2}, {"method", "nothing"}});
  client.write("\r\n" + two);
  for (int id : {1, 2}) {
    auto refused = client.receive();
    BOOST_TEST(code_of(refused) == -32601);
    BOOST_TEST((*refused)["id"] == id);
  }
  std::string content = "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"$/nothing\"}";
  client.write(fmt::format("content-length:  {} \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}",
                           content.size(), content));
  BOOST_TEST(code_of(client.receive()) == -32601);
}

BOOST_AUTO_TEST_CASE(the_order_of_a_session) {
  Scratch scratch;
  Client early(scratch);
  BOOST_TEST(code_of(early.call("textDocument/hover", place(k_uri, 0, 0))) == -32002);
  BOOST_TEST(code_of(early.call("shutdown", nullptr)) == -32002);
  early.open(k_uri, "param a =");  // said by nobody
  early.initialize();
  BOOST_TEST(code_of(early.call("initialize", json::object())) == -32600);
  BOOST_TEST(code_of(early.call("textDocument/hover", place(k_uri, 0, 0))) == -32602);
  early.notify("exit", nullptr);
  BOOST_TEST(early.end().exit == 1);

  Client good(scratch, {"lsp", "--stdio"});
  good.initialize();
  BOOST_TEST(good.call("shutdown", nullptr)["result"].is_null());
  BOOST_TEST(code_of(good.call("textDocument/hover", place(k_uri, 0, 0))) == -32600);
  good.notify("exit", nullptr);
  BOOST_TEST(good.end().exit == 0);
}

BOOST_AUTO_TEST_CASE(the_input_ends) {
  Scratch scratch;
  Client at_once(scratch);
  BOOST_TEST(at_once.end().exit == 1);
  Client inside(scratch);
  inside.initialize();
  inside.write("Content-Length: 100\r\n\r\n{\"jsonrpc\":");
  Ran ran = inside.end();
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(ran.err == "");
  BOOST_TEST(!inside.receive(1));
  Client closed(scratch);
  closed.initialize();
  closed.call("shutdown", nullptr);
  BOOST_TEST(closed.end().exit == 0);
}

BOOST_AUTO_TEST_CASE(parameters_of_the_wrong_shape) {
  Scratch scratch;
  Client client(scratch);
  client.initialize();
  client.open(k_uri, "param a = 1 nS\n");
  BOOST_TEST((*client.receive())["method"] == "textDocument/publishDiagnostics");
  for (const char* method :
       {"textDocument/hover", "textDocument/completion", "textDocument/definition", "textDocument/codeAction"})
    for (const json& params : {json(), json(1), json::array({1}), json{{"textDocument", 1}}, json{{"textDocument", {{"uri", 1}}}},
                               json{{"textDocument", {{"uri", k_uri}}}},
                               json{{"textDocument", {{"uri", k_uri}}}, {"position", {{"line", -1}, {"character", "x"}}}}})
      BOOST_TEST(code_of(client.call(method, params)) == -32602, method << " " << params.dump());
  BOOST_TEST(client.call("textDocument/hover", place(k_uri, 4000000000u, 4000000000u))["result"].is_null());
  client.notify("textDocument/didChange",
                {{"textDocument", {{"uri", k_uri}}}, {"contentChanges", {{{"text", 5}}, 7, {{"range", 1}, {"text", "x"}}}}});
  BOOST_TEST((*client.receive())["params"]["diagnostics"].empty());  // nothing of that was a change
  client.notify("textDocument/didOpen", {{"textDocument", {{"uri", k_uri}}}});
  client.notify("textDocument/didClose", json::array());
  BOOST_TEST(!client.call("textDocument/hover", place(k_uri, 0, 6))["result"].is_null());
}

// A typist who is faster than the checker is told of the last text, not of every one.
BOOST_AUTO_TEST_CASE(changes_that_come_together_are_checked_once) {
  Scratch scratch;
  Client client(scratch);
  client.initialize();
  client.open(k_uri, "param a = 1 nS\n");
  BOOST_REQUIRE(client.receive());
  std::string all;
  constexpr int k_last = 200;
  for (int version = 2; version <= k_last; version++)
    all += frame({{"jsonrpc", "2.0"},
                  {"method", "textDocument/didChange"},
                  {"params",
                   {{"textDocument", {{"uri", k_uri}, {"version", version}}},
                    {"contentChanges",
                     {{{"range", {{"start", {{"line", 1}, {"character", 0}}}, {"end", {{"line", 1}, {"character", 0}}}}},
                       {"text", version == k_last ? "param b = " : "x"}}}}}}});
  client.write(all);
  int told = 0, version = 0;
  json found;
  while (version < k_last) {
    auto message = client.receive();
    BOOST_REQUIRE(message);
    told++;
    version = (*message)["params"]["version"];
    found = (*message)["params"]["diagnostics"];
  }
  BOOST_TEST(told < k_last / 2);
  BOOST_TEST(!found.empty());
}

// Half of the edits leave a model that can be read: a digit for another one.
BOOST_AUTO_TEST_CASE(a_thousand_edits_of_the_flagship) {
  Scratch scratch;
  std::ifstream in(EIC_ROOT "/models/cobahh.eic");
  const std::string original{std::istreambuf_iterator<char>(in), {}};
  std::string uri = "file://" EIC_ROOT "/models/cobahh.eic";
  const std::vector<std::string> pieces = {
      "{",  "}",  "(",        ")",      "\"", "#", "\n",           ",", "µ", "😀", ".", "->", " ",
      "5 ", "mV", "cell X {", "param ", "=",  "/", "channel c : ", ""};
  Client client(scratch);
  client.initialize();
  client.open(uri, original);
  BOOST_REQUIRE(client.receive());
  std::mt19937_64 random(4);
  std::string text = original;
  double slowest = 0;
  for (int edit = 0; edit < 1000; edit++) {
    if (edit % 20 == 10) text = original;
    bool digit = edit % 20 >= 10;
    uint32_t from = static_cast<uint32_t>(random() % text.size()), to = from;
    if (digit) {
      while (!std::isdigit(static_cast<unsigned char>(text[from]))) from = (from + 1) % static_cast<uint32_t>(text.size());
      to = from + 1;
    } else {
      to = std::min<uint32_t>(static_cast<uint32_t>(text.size()), from + static_cast<uint32_t>(random() % 12));
    }
    while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) from--;
    while (to < text.size() && (static_cast<unsigned char>(text[to]) & 0xC0) == 0x80) to++;
    text.replace(from, to - from, digit ? std::to_string(random() % 10) : pieces[random() % pieces.size()]);
    auto began = std::chrono::steady_clock::now();
    client.notify("textDocument/didChange",
                  {{"textDocument", {{"uri", uri}, {"version", edit + 2}}}, {"contentChanges", {{{"text", text}}}}});
    auto told = client.receive();
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    slowest = std::max(slowest, seconds);
    BOOST_REQUIRE(told);
    BOOST_REQUIRE((*told)["params"]["version"] == edit + 2);
    uint32_t line = static_cast<uint32_t>(random() % 70), character = static_cast<uint32_t>(random() % 90);
    for (const char* method : {"textDocument/hover", "textDocument/completion", "textDocument/definition"})
      BOOST_REQUIRE(client.call(method, place(uri, line, character)).contains("result"));
    if (edit % 50 == 0)
      for (const char* method : {"textDocument/formatting", "textDocument/documentSymbol"})
        BOOST_REQUIRE(client.call(method, {{"textDocument", {{"uri", uri}}}}).contains("result"));
  }
  BOOST_TEST_MESSAGE("slowest edit: " << slowest * 1000 << " ms");
  BOOST_TEST(slowest < 0.5);  // of a machine that is busy otherwise; alone, well below 100 ms
  client.call("shutdown", nullptr);
  client.notify("exit", nullptr);
  BOOST_TEST(client.end().exit == 0);
}
