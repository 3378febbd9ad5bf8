// What a name, a number or a word of the language is: in words, with its dimension, and what follows from the values.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/lsp/features.h"
#include "cli/lsp/words.h"

namespace eic::lsp {

namespace {

std::string_view trimmed(std::string_view text) {
  size_t from = text.find_first_not_of(" \t\r");
  return from == text.npos ? std::string_view() : text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

void paragraph(std::string& to, const std::string& text) {
  if (!text.empty()) to += (to.empty() ? "" : "\n\n") + text;
}

std::string code(std::string_view text) { return fmt::format("```eic\n{}\n```", text); }

std::string explained(const WordInfo& info) {
  std::string text = fmt::format("**{}**: {}", info.word, info.text);
  if (!info.unit.empty() && info.unit != "1") text += fmt::format("; usually in `{}`", info.unit);
  return text + fmt::format("\n\n*{}*", section_of(info));
}

// One hover: what is known of the place, then the words that say it.
class Hover {
 public:
  Hover(const Document& document, size_t at)
      : document_(document),
        outline_(*document.outline),
        at_(at),
        token_(outline_.tokens()[at]),
        around_(outline_.around(token_.begin)) {
    for (const Node& node : around_.back()->children)
      if (node.first <= at && at < node.last) item_ = &node;
  }

  std::string text() {
    if (auto literal = this->literal()) {
      begin = literal->begin;
      end = literal->end;
      return describe_literal(std::string(literal->digits), std::string(literal->unit));
    }
    if (token_.mark != Mark::Word) return "";
    begin = token_.begin;
    end = token_.end;
    if (auto unit = declared_unit()) return describe_unit(*unit);
    if (const WordInfo* info = keyword()) return explained(*info);
    if (std::string found = by_reference(); !found.empty()) return found;
    if (std::string found = by_outline(); !found.empty()) return found;
    const WordInfo* info = word();
    return info ? explained(*info) : "";
  }

  uint32_t begin = 0, end = 0;

 private:
  bool next_is(std::initializer_list<std::string_view> all) const {
    return at_ + 1 < outline_.tokens().size() &&
           std::any_of(all.begin(), all.end(), [&](auto sign) { return outline_.tokens()[at_ + 1].is(sign); });
  }
  bool before_is(std::string_view word, size_t back = 1) const { return at_ >= back && outline_.tokens()[at_ - back].is(word); }
  std::string_view item_word() const { return item_ ? outline_.word(*item_) : std::string_view(); }
  std::string_view block_word() const { return around_.size() > 1 ? outline_.word(*around_.back()) : "file"; }

  std::optional<Literal> literal() const {
    const auto& tokens = outline_.tokens();
    for (size_t i = at_ + 1; i-- > 0 && tokens[i].mark != Mark::Newline && i + 16 > at_;) {
      if (tokens[i].mark != Mark::Number) continue;
      Literal found = literal_at(outline_.text(), tokens, i);
      if (found.begin <= token_.begin && token_.end <= found.end) return found;
    }
    return std::nullopt;
  }

  // A unit behind `:` or `|` of a declaration.
  std::optional<std::string> declared_unit() const {
    std::string_view first = item_word();
    bool declares = first == "param" || first == "state" || first == "on" || block_word() == "param";
    if (!declares || !item_) return std::nullopt;
    const auto& tokens = outline_.tokens();
    for (size_t i = item_->first; i + 1 < item_->last; i++) {
      if (!tokens[i].is(":") && !tokens[i].is("|")) continue;
      size_t end = unit_end(outline_.text(), tokens, i + 1);
      if (i < at_ && at_ < end) return outline_.between(i + 1, end);
    }
    return std::nullopt;
  }

  const WordInfo* keyword() const {
    if (!item_ || item_->first != at_ || next_is({"=", "+=", "-=", "*=", "/=", ".", "'", "}", ","})) return nullptr;
    return find_word(token_.text, Group::Item);
  }

  // A word that has its meaning from where it stands, and is no name.
  const WordInfo* word() const {
    std::string_view first = item_word();
    if (item_ && item_->first == at_ && next_is({"="}))
      if (const WordInfo* setting = find_setting(token_.text, block_word())) return setting;
    if (before_is("expect")) return find_word(token_.text, Group::Measure);
    if (before_is("within")) return find_word(token_.text, Group::Tolerance);
    if (first == "connect" && before_is("=")) return find_word(token_.text, Group::Rule);
    if (first == "stimulus")
      if (auto* kind = find_word(token_.text, Group::Stimulus)) return kind;
    for (Group group : {Group::Function, Group::Draw, Group::Constant, Group::Clause})
      if (auto* found = find_word(token_.text, group)) return found;
    for (const WordInfo& info : words())  // `area`, `capacitance`, `dt` where they are read
      if (info.group == Group::Setting && info.word == token_.text && (info.stands_in("cell") || info.word == "dt")) return &info;
    return nullptr;
  }

  // ---- names
  struct Named {
    std::string word, unit;
    std::vector<std::string> paths;
  };

  void dimension(std::string& out, const std::string& word, const std::string& name, const std::string& unit) const {
    auto parsed = unit.empty() ? std::nullopt : units::parse_unit(unit);
    std::string text = fmt::format("**{}** `{}`", word, name);
    if (parsed) text += fmt::format(": {}", describe_unit(unit));
    paragraph(out, text);
  }

  // What there is to say of a declaration beyond its dimension.
  void declaration(std::string& out, source::Span at, const std::string& word) const {
    if (at.file >= document_.front->sources.size()) return;
    const source::Source& source = document_.front->sources.get(at.file);
    std::string text(source.text());
    std::string comment = comment_above(text, at.begin);
    paragraph(out, code(trimmed(source.line(source.position(at.begin).line))));
    if (word == "mechanism" || word == "cell" || word == "network" || word == "function") paragraph(out, comment);
    paragraph(out, describe_gates(*document_.front, at));
  }

  std::string by_reference() const {
    Named named;
    std::optional<source::Span> place;
    const auto& all = document_.front->index.references;
    for (const sema::Reference& reference : all) {
      if (reference.use.file != document_.main() || token_.begin < reference.use.begin || token_.end > reference.use.end)
        continue;
      if (place && reference.use.end - reference.use.begin > token_.end - token_.begin) continue;  // a part of a path says more
      if (!place) place = reference.declaration;
      named.word = reference.word;
      named.unit = reference.unit;
      if (std::find(named.paths.begin(), named.paths.end(), reference.path) == named.paths.end())
        named.paths.push_back(reference.path);
    }
    return place ? described(named, *place) : "";
  }

  std::string described(const Named& named, source::Span place) const {
    std::string out;
    dimension(out, named.word, named.paths.size() == 1 ? named.paths[0] : std::string(token_.text), named.unit);
    paragraph(out, describe_parameters(*document_.front, named.paths));
    if (named.word == "cell") paragraph(out, describe_cell(*document_.front, std::string(token_.text)));
    declaration(out, place, named.word);
    return out;
  }

  // The name where it is declared, or, where the checker says nothing of it, what stands under that name.
  std::string by_outline() const {
    for (const Declared& declared : outline_.declared(*around_.back()))
      if (declared.begin == token_.begin) return declared_here(declared);
    if (before_is(".")) return "";
    auto found = find_name(document_, around_, token_.text);
    if (!found || found->declared.word == "setting") return "";
    std::string out;
    const Declared& declared = found->declared;
    dimension(out, declared.word, declared.name, declared.units.empty() ? "" : declared.units[0]);
    paragraph(out, code(trimmed(Text(found->outline->text()).line_at(declared.begin))));
    if (found->module.outline) paragraph(out, comment_above(found->outline->text(), declared.begin));
    return out;
  }

  std::string declared_here(const Declared& declared) const {
    source::Span place{document_.main(), declared.begin, declared.end};
    Named named{declared.word == "param" ? "parameter" : declared.word, declared.units.empty() ? "" : declared.units[0], {}};
    std::set<std::string> paths;
    for (const sema::Reference& reference : document_.front->index.references)
      if (reference.declaration == place) paths.insert(reference.path);
    std::string path;
    for (size_t i = 1; i < around_.size(); i++) path += std::string(outline_.word(*around_[i], 1)) + ".";
    path += declared.name;
    if (document_.front->model)
      for (const sema::Param& param : document_.front->model->params)
        if (param.path == path || (named.word != "cell" && param.path.starts_with(path + "."))) paths.insert(param.path);
    std::string out;
    const WordInfo* setting = declared.word == "setting" ? find_setting(declared.name, block_word()) : nullptr;
    if (setting) paragraph(out, explained(*setting));
    if (declared.word == "setting" && !setting && paths.empty()) return "";
    if (!setting) dimension(out, named.word, declared.name, named.unit);
    paragraph(out, describe_parameters(*document_.front, {paths.begin(), paths.end()}));
    if (named.word == "cell") paragraph(out, describe_cell(*document_.front, declared.name));
    if (setting) return out;
    if (declared.word == "population") paragraph(out, describe_cell(*document_.front, declared.type));
    else if (!declared.type.empty())
      if (auto type = find_top(document_, declared.type)) {
        paragraph(out, code(trimmed(Text(type->outline->text()).line_at(type->declared.begin))));
        paragraph(out, comment_above(type->outline->text(), type->declared.begin));
      }
    paragraph(out, describe_gates(*document_.front, place));
    return out;
  }

  const Document& document_;
  const Outline& outline_;
  size_t at_;
  const Token& token_;
  std::vector<const Node*> around_;
  const Node* item_ = nullptr;
};

}  // namespace

json hover(const Document& document, uint32_t offset) {
  size_t at = document.outline->token_at(offset);
  if (at == SIZE_MAX || document.outline->in_comment(offset)) return nullptr;
  Hover hover(document, at);
  std::string text = hover.text();
  if (text.empty()) return nullptr;
  return {{"contents", {{"kind", "markdown"}, {"value", text}}}, {"range", document.text.range(hover.begin, hover.end)}};
}

}  // namespace eic::lsp
