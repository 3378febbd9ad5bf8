// Recorded sessions: sessions/*.json hold what an editor sends and what `eic lsp` answers, in order. {folder} is the URI of the
// folder that the files stand in; a text is a list of its lines. EIC_BLESS=1 writes the answers anew.
#include <regex>

#include "cli/lsp/uri.h"
#include "compiler/diagnostics/sarif.h"
#include "tests/lsp/client.h"

using namespace eic::test;

namespace {

const fs::path k_sessions = EIC_ROOT "/tests/lsp/sessions";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

json joined(const json& text) {
  std::string out;
  for (const json& line : text) out += line.get<std::string>() + "\n";
  return out;
}

// What is sent: the folder's URI put in, lists of lines made texts.
json to_send(const json& value, const std::string& folder) {
  if (value.is_string()) return replaced(value.get<std::string>(), "{folder}", folder);
  json out = value;
  if (value.is_object())
    for (auto& [key, inner] : out.items()) inner = key == "text" && inner.is_array() ? joined(inner) : to_send(inner, folder);
  if (value.is_array())
    for (json& inner : out) inner = to_send(inner, folder);
  return out;
}

// What is compared: no path of this machine, and no digest of the library, which changes with it.
json comparable(const json& message, const Scratch& scratch) {
  std::string text = replaced(message.dump(), eic::diagnostics::uri_of(scratch.path.string()), "{folder}");
  text = replaced(std::move(text), scratch.path.string(), "{path}");
  return json::parse(std::regex_replace(text, std::regex("/cache/std-[0-9a-f.-]+/"), "/cache/std/"));
}

// A request, or a change of a document, after which its diagnostics come.
bool is_answered(const json& message) {
  std::string method = message["method"];
  return message.contains("id") || method.starts_with("textDocument/did");
}

void bless(const fs::path& file, const json& session, const std::vector<json>& got, int exit) {
  std::ofstream out(file, std::ios::binary);
  auto list = [&](const char* name, const json& all) {
    out << "\"" << name << "\": [\n";
    for (size_t i = 0; i < all.size(); i++) out << " " << all[i].dump() << (i + 1 < all.size() ? "," : "") << "\n";
    out << "],\n";
  };
  out << "{\n\"files\": {\n";
  size_t left = session["files"].size();
  for (const auto& [name, lines] : session["files"].items())
    out << " " << json(name).dump() << ": " << lines.dump(2) << (--left ? "," : "") << "\n";
  out << "},\n";
  list("send", session["send"]);
  list("receive", got);
  out << "\"exit\": " << exit << "\n}\n";
}

void check(const fs::path& file) {
  std::ifstream in(file);
  json session = json::parse(in);
  Scratch scratch;
  for (const auto& [name, lines] : session["files"].items()) scratch.write(name, joined(lines).get<std::string>());
  std::string folder = eic::diagnostics::uri_of(scratch.path.string());
  Client client(scratch);
  std::vector<json> got;
  for (const json& message : session["send"]) {
    client.send(to_send(message, folder));
    while (is_answered(message)) {
      auto received = client.receive();
      BOOST_REQUIRE(received);
      got.push_back(comparable(*received, scratch));
      if (received->value("id", json()) == message.value("id", json())) break;  // of a notification, what comes has none either
    }
  }
  Ran ran = client.end();
  BOOST_TEST(ran.err == "");
  BOOST_TEST(ran.signal == 0);
  BOOST_TEST(!client.receive(1), "more than was asked for");
  if (std::getenv("EIC_BLESS")) return bless(file, session, got, ran.exit);
  const json& wanted = session["receive"];
  BOOST_TEST(got.size() == wanted.size(), file << ": " << got.size() << " messages");
  for (size_t i = 0; i < std::min(got.size(), wanted.size()); i++)
    BOOST_TEST(got[i] == wanted[i],
               file << ", message " << i << "\n  wanted " << wanted[i].dump() << "\n  got    " << got[i].dump());
  BOOST_TEST(ran.exit == session["exit"].get<int>());
}

}  // namespace

BOOST_AUTO_TEST_CASE(recorded_sessions) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(k_sessions)) {
    if (entry.path().extension() != ".json") continue;
    BOOST_TEST_CONTEXT(entry.path().filename().string()) check(entry.path());
    count++;
  }
  BOOST_TEST(count >= 8u);
}
