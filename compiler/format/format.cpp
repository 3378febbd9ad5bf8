#include "compiler/format/format.h"

#include "compiler/ast/print.h"
#include "compiler/format/align.h"
#include "runtime/contract/check.h"

namespace eic::format {

namespace {

// What must not change: the tokens, where items begin, and the comments, each sort in its order.
struct Content {
  std::string ast;
  std::vector<std::string> tokens, comments;

  bool operator==(const Content&) const = default;
};

Content content(const source::Source& source, const parse::Layout& layout, const std::vector<Gap>& between) {
  Content made;
  made.ast = ast::print(layout.ast);
  for (const parse::Token& token : layout.tokens) {
    if (token.starts_item) made.tokens.push_back("\n");
    made.tokens.push_back(spelled(source.text(), token));
  }
  for (const Gap& gap : between)
    for (const Comment& comment : gap.comments) made.comments.emplace_back(comment.text);
  return made;
}

std::optional<Content> read_back(const source::Source& source, const std::string& text) {
  source::Source set(source.id(), source.name(), {}, text);
  diagnostics::Emitter emitter;
  auto layout = parse::layout(set, emitter);
  if (!layout) return std::nullopt;
  return content(set, *layout, gaps(set.text(), layout->tokens));
}

}  // namespace

std::optional<std::string> format(const source::Source& source, diagnostics::Emitter& emitter) {
  auto layout = parse::layout(source, emitter);
  if (!layout) return std::nullopt;
  std::vector<Gap> between = gaps(source.text(), layout->tokens);
  Arranged arranged = arrange(source.text(), layout->tokens, between);
  align(source.text(), layout->tokens, arranged);
  std::string text = render(arranged.lines);
  EIC_CHECK(read_back(source, text) == content(source, *layout, between), "the formatted text says something else");
  return text;
}

}  // namespace eic::format
