#include "compiler/parse/characters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

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
constexpr Meant k_meant[] = {{"&&", "and", P::AND},      {"||", "or", P::OR},
                             {"**", "^", P::CARET},      {"!", "not ", P::NOT},
                             {";", ",", P::COMMA},       {"\u2264", "<=", P::LE},
                             {"\u2265", ">=", P::GE},    {"\u2260", "!=", P::NE},
                             {"\u00d7", "*", P::STAR},   {"\u00b7", "*", P::STAR},
                             {"\u22c5", "*", P::STAR},   {"\u00f7", "/", P::SLASH},
                             {"\u2192", "->", P::ARROW}, {"\u00b1", "+-", P::PLUS_MINUS},
                             {"+/-", "+-", P::PLUS_MINUS},
                             {"\u2026", "..", P::RANGE}, {"...", "..", P::RANGE},
                             {":=", "=", P::ASSIGN},     {"=<", "<=", P::LE},
                             {"\u00a0", " ", 0},         {"\u202f", " ", 0},
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
      else if (comment() || quoted() || superscript()) continue;
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
    // a text that goes on in the next line ends with the quote there
    size_t next = at_ + 1, lines = 0;
    for (; next < raw_.size() && raw_[next].type != P::UNCLOSED; next++) lines += raw_[next].type == P::NEWLINE;
    if (next < raw_.size() && lines == 1) {
      at_ = next;
      lexeme.end = raw_[next].end;
    }
    push(lexeme);
    quiet_next_ = true;
  }

  // Pairs such as `||` are two lexemes of the raw lexer; those are looked up where they touch.
  const Meant* find_meant() const {
    size_t type = raw_[at_].type;
    bool possible =
        type == P::BAD || type == P::PIPE || type == P::STAR || type == P::RANGE || type == P::COLON || type == P::ASSIGN ||
        type == P::PLUS;
    if (!possible) return nullptr;
    std::string_view rest = text_.substr(raw_[at_].begin);
    if (rest.starts_with("=>")) {  // an arrow where one belongs, else a comparison
      static constexpr Meant k_arrow{"=>", "->", P::ARROW}, k_at_least{"=>", ">=", P::GE};
      size_t first = at_;
      while (first > 0 && raw_[first - 1].type != P::NEWLINE && raw_[first - 1].type != P::LBRACE) first--;
      return raw_[first].type == P::PROJECTION || raw_[first].type == P::STIMULUS ? &k_arrow : &k_at_least;
    }
    auto found = std::ranges::find_if(k_meant, [&](const Meant& meant) { return rest.starts_with(meant.written); });
    return found == std::end(k_meant) ? nullptr : found;
  }

  // `a&&b` becomes `a and b`.
  std::string apart(std::string_view meant, const Lexeme& lexeme) const {
    auto in_word = [&](size_t at) {
      return at < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at])) || text_[at] == '_');
    };
    bool word = std::isalpha(static_cast<unsigned char>(meant[0])) != 0;
    std::string out(word && lexeme.begin > 0 && in_word(lexeme.begin - 1) ? " " : "");
    out += meant;
    if (word && meant.back() != ' ' && in_word(lexeme.end)) out += ' ';
    return out;
  }

  void replace(const Meant& meant) {
    Lexeme lexeme = raw_[at_];
    lexeme.end = lexeme.begin + static_cast<uint32_t>(meant.written.size());
    while (at_ + 1 < raw_.size() && raw_[at_ + 1].begin < lexeme.end) at_++;
    std::string_view shown = meant.meant.substr(0, meant.meant.find_last_not_of(' ') + 1);
    auto& fault = emitter_.emit(Kind::ParseBadCharacter, span(lexeme),
                                meant.type == 0 ? "this is a special blank, not a plain one"
                                                : fmt::format("`{}` is not part of the language", meant.written));
    if (meant.written == ";" && (ends_line(at_ + 1) || raw_[at_ + 1].type == P::RBRACE)) {
      fault.fix(span(lexeme), "", "leave it out: the end of the line ends an item");
      return;
    }
    fault.fix(span(lexeme), apart(meant.meant, lexeme),
              meant.type == 0 ? "write a plain blank" : fmt::format("write `{}`", shown));
    lexeme.type = meant.type;
    if (meant.type != 0) push(lexeme);
  }

  bool touches(size_t next) const { return next > 0 && next < raw_.size() && raw_[next - 1].end == raw_[next].begin; }
  bool is(size_t at, size_t type) const { return at < raw_.size() && raw_[at].type == type; }
  bool ends_line(size_t at) const { return at >= raw_.size() || raw_[at].type == P::NEWLINE; }

  // `// …` and `/* … */` are passed over as the comments that they are elsewhere; `7//2` is no comment.
  bool comment() {
    const Lexeme& first = raw_[at_];
    if (first.type != P::SLASH || !touches(at_ + 1)) return false;
    if (is(at_ + 1, P::STAR)) {
      size_t end = text_.find("*/", first.begin + 2);
      emitter_.emit(Kind::ParseBadCharacter, {file_, first.begin, first.begin + 2}, "`/*` does not begin a comment")
          .help("each line of a comment begins with `#`");
      while (at_ + 1 < raw_.size() && raw_[at_ + 1].begin < end) at_++;
      if (end != std::string_view::npos) at_ = std::min(at_ + 2, raw_.size() - 1);  // `*/` itself
      return true;
    }
    if (!is(at_ + 1, P::SLASH)) return false;
    Span both{file_, first.begin, first.begin + 2};
    bool divides = touches(at_) && touches(at_ + 2) && ends_operand(raw_[at_ - 1].type);
    auto& fault = emitter_.emit(Kind::ParseBadCharacter, both,
                                divides ? "`//` is not part of the language" : "`//` does not begin a comment");
    if (divides) {
      fault.fix(both, "/", "write `/`, which divides without rounding");
      push(first);
      at_++;
      return true;
    }
    fault.fix(both, "#", "write `#`");
    while (!ends_line(at_ + 1)) at_++;
    return true;
  }

  // A text between quotes of another kind, on one line.
  bool quoted() {
    static constexpr std::pair<std::string_view, std::string_view> k_quotes[] = {
        {"'", "'"},           {"`", "`"},           {"\u201c", "\u201d"}, {"\u201e", "\u201c"},
        {"\u201d", "\u201d"}, {"\u2018", "\u2019"}, {"\u00ab", "\u00bb"}};
    const Lexeme& first = raw_[at_];
    bool possible =
        first.type == P::BAD || (first.type == P::PRIME && (at_ == 0 || !touches(at_) || !ends_operand(raw_[at_ - 1].type)));
    if (!possible) return false;
    std::string_view rest = text_.substr(first.begin, text_.find_first_of("\r\n", first.begin) - first.begin);
    for (std::string_view triple : {"\'\'\'", "\"\"\""}) {  // texts of several lines
      if (!rest.starts_with(triple)) continue;
      size_t end = std::min(text_.find(triple, first.begin + 3), text_.size() - 3) + 3;
      emitter_
          .emit(Kind::ParseBadCharacter, {file_, first.begin, first.begin + 3},
                "a text stands on one line, between plain double quotes")
          .help("equations are no text: they stand in the braces of a `cell`, `channel` or `synapse`");
      Lexeme lexeme = first;
      lexeme.type = P::STRING;
      while (at_ + 1 < raw_.size() && raw_[at_ + 1].begin < end) at_++;
      lexeme.end = raw_[at_].end;
      push(lexeme);
      return true;
    }
    for (auto [open, shut] : k_quotes) {
      if (!rest.starts_with(open)) continue;
      size_t end = rest.find(shut, open.size());
      if (end == std::string_view::npos) continue;
      Lexeme lexeme = first;
      lexeme.type = P::STRING;
      lexeme.end = first.begin + static_cast<uint32_t>(end + shut.size());
      std::string plain = fmt::format("\"{}\"", rest.substr(open.size(), end - open.size()));
      emitter_.emit(Kind::ParseBadCharacter, span(lexeme), "a text stands between plain double quotes")
          .fix(span(lexeme), plain, fmt::format("write `{}`", plain));
      while (at_ + 1 < raw_.size() && raw_[at_ + 1].begin < lexeme.end) at_++;
      lexeme.quiet = true;
      push(lexeme);
      return true;
    }
    return false;
  }

  // `cm²`, `ms⁻¹`
  bool superscript() {
    static constexpr std::pair<std::string_view, char> k_raised[] = {
        {"\u207b", '-'}, {"\u2070", '0'}, {"\u00b9", '1'}, {"\u00b2", '2'}, {"\u00b3", '3'}, {"\u2074", '4'},
        {"\u2075", '5'}, {"\u2076", '6'}, {"\u2077", '7'}, {"\u2078", '8'}, {"\u2079", '9'}};
    std::string plain;
    size_t end = at_;
    for (; end < raw_.size() && (end == at_ || touches(end)); end++) {
      auto found = std::ranges::find_if(k_raised, [&](const auto& raised) { return text(raw_[end]) == raised.first; });
      if (found == std::end(k_raised)) break;
      plain += found->second;
    }
    if (end == at_) return false;
    Span whole{file_, raw_[at_].begin, raw_[end - 1].end};
    emitter_.emit(Kind::ParseBadCharacter, whole, "an exponent is written with `^`")
        .fix(whole, "^" + plain, fmt::format("write `^{}`", plain));
    at_ = end - 1;
    return true;
  }

  // `µ` and `Ω` are part of units, other letters are spelled out: `τ` as `tau`, `ö` as `oe`.
  static std::string spelled_out(std::string_view word) {
    static constexpr std::pair<std::string_view, std::string_view> k_letters[] = {
        {"α", "alpha"}, {"β", "beta"},  {"γ", "gamma"},  {"δ", "delta"}, {"ε", "epsilon"}, {"ζ", "zeta"},  {"η", "eta"},
        {"θ", "theta"}, {"κ", "kappa"}, {"λ", "lambda"}, {"ν", "nu"},    {"ξ", "xi"},      {"ρ", "rho"},   {"σ", "sigma"},
        {"τ", "tau"},   {"φ", "phi"},   {"ϕ", "phi"},    {"χ", "chi"},   {"ψ", "psi"},     {"ω", "omega"}, {"Δ", "Delta"},
        {"Φ", "Phi"},   {"Ψ", "Psi"},   {"ä", "ae"},     {"ö", "oe"},    {"ü", "ue"},      {"Ä", "Ae"},    {"Ö", "Oe"},
        {"Ü", "Ue"},    {"ß", "ss"},    {"é", "e"},      {"è", "e"},     {"á", "a"},       {"à", "a"},     {"ç", "c"},
        {"ñ", "n"},     {"ı", "i"},     {"ø", "o"},      {"å", "a"},     {"∞", "inf"},     {"₀", "0"},     {"₁", "1"},
        {"₂", "2"}};
    std::string out;
    for (size_t at = 0; at < word.size();) {
      std::string_view rest = word.substr(at);
      auto found = std::ranges::find_if(k_letters, [&](const auto& letter) { return rest.starts_with(letter.first); });
      if (found == std::end(k_letters) && static_cast<unsigned char>(rest[0]) >= 0x80) return {};
      out += found == std::end(k_letters) ? rest.substr(0, 1) : found->second;
      at += found == std::end(k_letters) ? 1 : found->first.size();
    }
    return out;
  }

  // A letter outside ASCII takes the words that touch it along, so that one name gives one message.
  void stray() {
    Lexeme lexeme = raw_[at_];
    bool ascii = static_cast<unsigned char>(text_[lexeme.begin]) < 0x80;
    auto& fault = emitter_.emit(Kind::ParseBadCharacter, span(lexeme),
                                fmt::format("`{}` is not part of the language", text(lexeme)));
    if (ascii) {
      char sign = text_[lexeme.begin];
      if (sign == '%') fault.help("a share is a plain number: `0.2` for 20 %; there is no operator for a remainder");
      else if (sign == '?') fault.help("a choice is written `if … then … else …`");
      else if (sign == '\\' && ends_line(at_ + 1))
        fault.fix(span(lexeme), "", "leave it out; a line goes on by itself where it ends in an operator");
      else if (sign == '$' && at_ + 1 < raw_.size() && touches(at_ + 1) && is_word(raw_[at_ + 1].type))
        fault.fix(span(lexeme), "", fmt::format("write `{}`", text(raw_[at_ + 1])));
      quiet_next_ = true;
      return;
    }
    while (touches(at_ + 1) && (is_word(raw_[at_ + 1].type) || raw_[at_ + 1].type == P::BAD)) lexeme.end = raw_[++at_].end;
    if (text(lexeme) == "°C" || text(lexeme) == "℃") {
      fault.span = span(lexeme);
      fault.message = fmt::format("`{}` is not part of the language", text(lexeme));
      fault.fix(span(lexeme), "degC", "write `degC`");
    } else if (std::string plain = spelled_out(text(lexeme)); !plain.empty()) {
      bool within = !out_.empty() && out_.back().end == lexeme.begin && is_word(out_.back().type);
      fault.fix(span(lexeme), plain, fmt::format("write `{}{}`", within ? text(out_.back()) : "", plain));
    } else {
      fault.help("names are made of the letters A-Z and a-z, digits and `_`; comments and strings may hold anything");
    }
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
