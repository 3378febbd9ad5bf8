#include "cli/lsp/server.h"

#include <fmt/format.h>

#include "cli/lsp/features.h"
#include "cli/lsp/uri.h"
#include "cli/version.h"

namespace eic::lsp {

namespace {

// What stands under these names, one within another; null where it does not, or is of another type.
const json& at(const json& value, std::initializer_list<const char*> path) {
  static const json nothing;
  const json* here = &value;
  for (const char* name : path) {
    if (!here->is_object()) return nothing;
    auto found = here->find(name);
    if (found == here->end()) return nothing;
    here = &*found;
  }
  return *here;
}

std::optional<std::string> string_at(const json& value, std::initializer_list<const char*> path) {
  const json& found = at(value, path);
  return found.is_string() ? std::optional(found.get<std::string>()) : std::nullopt;
}

bool true_at(const json& value, std::initializer_list<const char*> path) {
  const json& found = at(value, path);
  return found.is_boolean() && found.get<bool>();
}

std::optional<uint32_t> count_at(const json& value, std::initializer_list<const char*> path) {
  const json& found = at(value, path);
  if (!found.is_number_unsigned()) return std::nullopt;
  return static_cast<uint32_t>(std::min<uint64_t>(found.get<uint64_t>(), INT32_MAX));
}

int64_t version_of(const json& params) {
  const json& version = at(params, {"textDocument", "version"});
  return version.is_number_integer() ? version.get<int64_t>() : 0;
}

std::optional<Position> position(const json& value) {
  auto line = count_at(value, {"line"}), character = count_at(value, {"character"});
  return line && character ? std::optional(Position{*line, *character}) : std::nullopt;
}

json answer(const json& id, json result) { return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}}; }
json refusal(const json& id, int code, const std::string& message) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}};
}

json capabilities() {
  return {{"positionEncoding", "utf-16"},
          {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},
          {"hoverProvider", true},
          {"definitionProvider", true},
          {"completionProvider", {{"triggerCharacters", {".", " ", ":", "/"}}}},
          {"documentFormattingProvider", true},
          {"documentSymbolProvider", true},
          {"codeActionProvider", {{"codeActionKinds", {"quickfix", "source.fixAll"}}}}};
}

}  // namespace

json Server::parse_error(const std::string& why) { return refusal(nullptr, k_parse_error, why); }

std::vector<json> Server::receive(const std::string& content) {
  out_.clear();
  json message = json::parse(content, nullptr, false);
  if (message.is_discarded()) return {parse_error("this is no JSON")};
  auto method = string_at(message, {"method"});
  const json& id = at(message, {"id"});
  bool asks = message.is_object() && message.contains("id");
  bool good_id = id.is_string() || id.is_number_integer();
  if (asks && !method && (message.contains("result") || message.contains("error"))) return {};  // an answer; nothing was asked
  if (!method || (asks && !good_id))
    return {refusal(good_id ? id : json(), k_invalid_request, "this is no request of JSON-RPC 2.0")};
  const json& params = at(message, {"params"});
  if (!asks) {
    notification(*method, params);
    return std::move(out_);
  }
  Answer made = request(*method, params);
  out_.push_back(made.fault ? refusal(id, made.fault->code, made.fault->message) : answer(id, std::move(made.result)));
  return std::move(out_);
}

Server::Answer Server::request(const std::string& method, const json& params) {
  if (method == "initialize") {
    if (initialized_) return {{}, Fault{k_invalid_request, "initialized twice"}};
    return {initialize(params), {}};
  }
  if (!initialized_) return {{}, Fault{k_not_initialized, "not initialized yet"}};
  if (shut_down_) return {{}, Fault{k_invalid_request, "shut down already"}};
  if (method == "shutdown") {
    shut_down_ = true;
    return {};
  }
  return feature(method, params);
}

json Server::initialize(const json& params) {
  initialized_ = true;
  related_ = true_at(params, {"capabilities", "textDocument", "publishDiagnostics", "relatedInformation"});
  return {{"capabilities", capabilities()}, {"serverInfo", {{"name", "eic"}, {"version", cli::k_version}}}};
}

Server::Answer Server::feature(const std::string& method, const json& params) {
  bool placed = method == "textDocument/hover" || method == "textDocument/definition" || method == "textDocument/completion";
  bool ranged = method == "textDocument/codeAction";
  bool whole = method == "textDocument/formatting" || method == "textDocument/documentSymbol";
  if (!placed && !ranged && !whole) return {{}, Fault{k_method_unknown, fmt::format("there is no method `{}`", method)}};
  Document* document = this->document(params);
  if (!document) return {{}, Fault{k_invalid_params, "this needs a document that is open"}};
  bool by_text = whole || method == "textDocument/completion";
  if (document->stale && !by_text) analyse(*document);
  if (whole) return {method == "textDocument/formatting" ? formatting(*document) : symbols(*document), {}};
  if (ranged) {
    auto from = position(at(params, {"range", "start"})), to = position(at(params, {"range", "end"}));
    if (!from || !to) return {{}, Fault{k_invalid_params, "this needs a range"}};
    std::vector<std::string> only;
    if (const json& kinds = at(params, {"context", "only"}); kinds.is_array())
      for (const json& kind : kinds)
        if (kind.is_string()) only.push_back(kind.get<std::string>());
    return {code_actions(*document, document->text.offset(*from), document->text.offset(*to), only, related_), {}};
  }
  auto place = position(at(params, {"position"}));
  if (!place) return {{}, Fault{k_invalid_params, "this needs a position"}};
  uint32_t offset = document->text.offset(*place);
  if (method == "textDocument/hover") return {hover(*document, offset), {}};
  if (method == "textDocument/definition") return {definition(*document, offset), {}};
  auto trigger = string_at(params, {"context", "triggerCharacter"});
  return {completion(*document, offset, !trigger || *trigger == "."), {}};
}

void Server::notification(const std::string& method, const json& params) {
  if (method == "exit") exit_status_ = status_at_end();
  if (!initialized_ || shut_down_) return;
  if (method == "textDocument/didOpen") open(params);
  if (method == "textDocument/didChange") change(params);
  if (method == "textDocument/didClose") close(params);
  if (method == "textDocument/didSave")
    if (auto uri = string_at(params, {"textDocument", "uri"})) tell_again(*uri);
}

Document* Server::document(const json& params) {
  auto uri = string_at(params, {"textDocument", "uri"});
  auto found = uri ? documents_.find(*uri) : documents_.end();
  return found == documents_.end() ? nullptr : &found->second;
}

void Server::open(const json& params) {
  auto uri = string_at(params, {"textDocument", "uri"}), text = string_at(params, {"textDocument", "text"});
  if (!uri || !text) return;
  Document& document = documents_[*uri];
  document.uri = *uri;
  document.path = path_of_uri(*uri);
  document.version = version_of(params);
  document.roots = roots_;
  document.set_text(Text(std::move(*text)));
  analyse(document);
}

void Server::change(const json& params) {
  Document* document = this->document(params);
  const json& changes = at(params, {"contentChanges"});
  if (!document || !changes.is_array()) return;
  Text text = document->text;
  for (const json& change : changes) {
    auto by = string_at(change, {"text"});
    if (!by) continue;
    auto from = position(at(change, {"range", "start"})), to = position(at(change, {"range", "end"}));
    if (from && to) text.replace(text.offset(*from), text.offset(*to), *by);
    else if (at(change, {"range"}).is_null()) text = Text(std::move(*by));
  }
  document->version = version_of(params);
  document->set_text(std::move(text));
}

std::vector<json> Server::settle() {
  out_.clear();
  for (auto& [uri, document] : documents_)
    if (document.stale) analyse(document);
  return std::move(out_);
}

void Server::close(const json& params) {
  Document* document = this->document(params);
  if (!document) return;
  out_.push_back({{"jsonrpc", "2.0"},
                  {"method", "textDocument/publishDiagnostics"},
                  {"params", {{"uri", document->uri}, {"diagnostics", json::array()}}}});
  documents_.erase(document->uri);
}

void Server::tell_again(const std::string& saved) {
  for (auto& [uri, document] : documents_)
    if (uri == saved) analyse(document);
  for (auto& [uri, document] : documents_)
    if (uri != saved) analyse(document);
}

void Server::analyse(Document& document) {
  document.analyse();
  out_.push_back(
      {{"jsonrpc", "2.0"},
       {"method", "textDocument/publishDiagnostics"},
       {"params", {{"uri", document.uri}, {"version", document.version}, {"diagnostics", diagnostics(document, related_)}}}});
}

}  // namespace eic::lsp
