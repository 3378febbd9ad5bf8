// In: a document and a place in it that may still be being written. Out: in which item and block it is, and which names could
// stand there. Goes by the outline alone, so that it works where nothing parses. Used by completion.
#pragma once
#include "cli/lsp/document.h"

namespace eic::lsp {

struct Site {
  const Document& document;
  uint32_t offset;
  uint32_t begin, end;  // of the word that is being written; empty: between words
  size_t at;            // of the first token behind the words before it
  std::vector<const Node*> around;
  const Node* item = nullptr;    // that has begun before the word; null: the word begins one
  const Node* before = nullptr;  // the item before this one, on the same list

  Site(const Document& document, uint32_t offset);
  const Outline& outline() const { return *document.outline; }
  // Of the words before, counted back from 1; empty where there are no more in this item.
  std::string_view back(size_t count = 1) const;
  std::string_view first() const { return item ? outline().word(*item) : std::string_view(); }
  // "file", "cell", "channel" (a declaration), "instance", "gate", …: the first word of the block around.
  std::string block() const;
  const Node& block_node() const { return *around.back(); }
  // What stands before the `=` of the item: "area", "INa.g".
  std::string assigned() const;

 private:
  void find_item();
};

// What is declared inside: of an instance what its mechanism declares, of a population its views and what its cell declares.
std::vector<Found> members(const Document& document, const Found& owner);
// `INa.m` before the place: what its last part is. A name that no block around declares is
// looked for in every cell.
std::optional<Found> owner(const Site& site);
std::optional<Found> named(const Site& site, std::string_view path);  // any path, likewise
// Everything that a block around or an import declares, the innermost first.
std::vector<Found> names_in_scope(const Site& site);
// The same from outside all blocks, of one kind: "channel", "cell", "network", …
std::vector<Found> top_of_kind(const Document& document, std::string_view word);
// Populations that a projection, stimulus, recording or measure at this place may name.
std::vector<Found> populations(const Site& site);
// The mechanism of the instance around.
std::optional<Found> mechanism(const Site& site);

}  // namespace eic::lsp
