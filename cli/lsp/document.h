// One open file: its text as the editor has it, what the checker made of it, and the files it imports. Made and kept by the
// server; read by every feature.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/lsp/outline.h"
#include "cli/lsp/text.h"
#include "compiler/compile.h"

namespace eic::lsp {

// Another file's text, by name.
struct Module {
  std::shared_ptr<const Outline> outline;
  std::string path;     // of a file
  std::string library;  // "channels/Leak.eic", of the library
};

struct Document {
  std::string uri, path;  // path empty: not saved yet
  int64_t version = 0;
  Text text;
  std::vector<std::string> roots;

  std::shared_ptr<const Outline> outline;  // of the text as it stands
  std::unique_ptr<Front> front;            // what the checker made of it; its source 0 is the text
  bool stale = true;                       // the text has changed since

  // Microseconds; the checker is left for later.
  void set_text(Text changed);
  void analyse();
  const source::Source& source() const { return front->sources.get(0); }
  uint32_t main() const { return 0; }
  // The file from which a name comes; nothing where it cannot be read. Paths are confined as the checker's are.
  std::optional<Module> module(const Imported& import) const;
};

// The declaration of a name, in this file or where it was imported from.
struct Found {
  std::shared_ptr<const Outline> outline;
  Declared declared;
  Module module;  // without an outline: this file
};
std::optional<Found> find_name(const Document& document, const std::vector<const Node*>& around, std::string_view name);
// A declaration outside all blocks.
std::optional<Found> find_top(const Document& document, std::string_view name);

// Where the text of a place is for the editor: its URI and range. Library files are copied into the cache folder, where an editor
// can open them. Nothing where that cannot be.
std::optional<json> location(const Document& document, source::Span span);
std::optional<json> location(const Document& document, const Found& found);
std::optional<std::string> library_file(std::string_view path);

}  // namespace eic::lsp
