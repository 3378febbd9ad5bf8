#include "compiler/parse/characters.h"

#include <fmt/format.h>

#include <algorithm>

#include "EicParser.h"
#include "compiler/parse/words.h"

namespace eic::parse {

using diagnostics::Kind;
using P = grammar::EicParser;
using source::Span;

namespace {

// What people write or paste instead of an operator. Type 0: a blank.
struct Meant {
  std::string_view written, meant;
  size_t type;
};
constexpr Meant k_meant[] = {
    {"&&", "and", P::AND},        {"||", "or", P::OR},       {"**", "^", P::CARET},
    {"!", "not ", P::NOT},        {";", ",", P::COMMA},      {"\u2264", "<=", P::LE},
    {"\u2265", ">=", P::GE},      {"\u2260", "!=", P::NE},   {"\u00d7", "*", P::STAR},
    {"\u00b7", "*", P::STAR},     {"\u22c5", "*", P::STAR},  {"\u00f7", "/", P::SLASH},
    {"\u2192", "->", P::ARROW},   {"\u00b1", "+-", P::PLUS_MINUS},
    {"\u2026", "..", P::RANGE},   {"\u00a0", " ", 0},               {"\u202f", " ", 0},
    {"\u2009", " ", 0}};

class Cleaner {
 public:
  Cleaner(const source::Source& source, const std::vector<Lexeme>& raw, diagnostics::Emitter& emitter)
      : text_(source.text()), file_(source.id()), raw_(raw), emitter_(emitter) {}

  std::vector<Lexeme> run() {
    out_.reserve(raw_.size());
    for (at_ = 0; at_ < raw_.size() && emitter_.error_count() < k_enough_errors; at_++) {
      size_t type = raw_[at_].type;
      if (type == P::TYPOGRAPHIC_MINUS) minus();
      else if (type == P::UNCLOSED) unclosed_string();
      else if (const Meant* meant = find_meant()) replace(*meant);
      else if (type == P::BAD) stray();
      else push(raw_[at_]);
    }
    return std::move(out_);
  }

 private:
  void push(Lexeme lexeme) {
    lexeme.quiet |= quiet_next_;
    quiet_next_ = false;
    out_.push_back(std::move(lexeme));
  }
  std::string_view text(const Lexeme& lexeme) const { return text_.substr(lexeme.begin, lexeme.end - lexeme.begin); }
  Span span(const Lexeme& lexeme) const { return {file_, lexeme.begin, lexeme.end}; }

  void minus() {
    Lexeme lexeme = raw_[at_];
    emitter_.emit(Kind::ParseTypographicMinus, span(lexeme), fmt::format("`{}` is a typographic sign, not a minus", text(lexeme)))
        .fix(span(lexeme), "-", "write `-`");
    lexeme.type = P::MINUS;
    push(lexeme);
  }

  void unclosed_string() {
    Lexeme lexeme = raw_[at_];
    emitter_.emit(Kind::ParseUnclosedString, {file_, lexeme.begin, lexeme.begin + 1},
                  "this string has no closing `\"` on its line");
    lexeme.type = P::STRING;
    lexeme.quiet = quiet_next_ = true;
    push(lexeme);
    quiet_next_ = true;
  }

  // Pairs such as `||` are two lexemes of the raw lexer; those are looked up where they touch.
  const Meant* find_meant() const {
    size_t type = raw_[at_].type;
    if (type != P::BAD && type != P::PIPE && type != P::STAR) return nullptr;
    std::string_view rest = text_.substr(raw_[at_].begin);
    auto found = std::ranges::find_if(k_meant, [&](const Meant& meant) { return rest.starts_with(meant.written); });
    return found == std::end(k_meant) ? nullptr : found;
  }

  void replace(const Meant& meant) {
    Lexeme lexeme = raw_[at_];
    lexeme.end = lexeme.begin + static_cast<uint32_t>(meant.written.size());
    while (at_ + 1 < raw_.size() && raw_[at_ + 1].begin < lexeme.end) at_++;
    std::string_view shown = meant.meant.substr(0, meant.meant.find_last_not_of(' ') + 1);
    auto& fault = emitter_.emit(Kind::ParseBadCharacter, span(lexeme),
                                meant.type == 0 ? "this is a special blank, not a plain one"
                                                : fmt::format("`{}` is not part of the language", meant.written));
    fault.fix(span(lexeme), std::string(meant.meant), meant.type == 0 ? "write a plain blank" : fmt::format("write `{}`", shown));
    lexeme.type = meant.type;
    if (meant.type != 0) push(lexeme);
  }

  // A letter outside ASCII takes the words that touch it along, so that one name gives one message.
  void stray() {
    Lexeme lexeme = raw_[at_];
    bool ascii = static_cast<unsigned char>(text_[lexeme.begin]) < 0x80;
    auto& fault = emitter_.emit(Kind::ParseBadCharacter, span(lexeme),
                                fmt::format("`{}` is not part of the language", text(lexeme)));
    if (ascii) {
      quiet_next_ = true;
      return;
    }
    fault.help("names are made of the letters A-Z and a-z, digits and `_`; comments and strings may hold anything");
    while (at_ + 1 < raw_.size() && raw_[at_ + 1].begin == lexeme.end &&
           (is_word(raw_[at_ + 1].type) || raw_[at_ + 1].type == P::BAD))
      lexeme.end = raw_[++at_].end;
    lexeme.type = P::WORD;
    lexeme.quiet = true;
    if (!out_.empty() && out_.back().end == lexeme.begin && is_word(out_.back().type)) {
      lexeme.begin = out_.back().begin;
      out_.pop_back();
    }
    push(lexeme);
  }

  std::string_view text_;
  uint32_t file_;
  const std::vector<Lexeme>& raw_;
  diagnostics::Emitter& emitter_;
  std::vector<Lexeme> out_;
  size_t at_ = 0;
  bool quiet_next_ = false;
};

}  // namespace

std::vector<Lexeme> clean(const source::Source& source, const std::vector<Lexeme>& raw, diagnostics::Emitter& emitter) {
  return Cleaner(source, raw, emitter).run();
}

}  // namespace eic::parse
