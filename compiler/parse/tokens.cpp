#include "compiler/parse/tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "antlr4-runtime.h"
#include "compiler/parse/literals.h"
#include "compiler/parse/words.h"
#include "compiler/source/limits.h"

namespace eic::parse {

using diagnostics::Kind;
using P = grammar::EicParser;
using source::Span;

namespace {

size_t closer_of(size_t opener) {
  return opener == P::LBRACE ? P::RBRACE : opener == P::LPAREN ? P::RPAREN : P::RBRACK;
}
bool is_opener(size_t type) { return type == P::LBRACE || type == P::LPAREN || type == P::LBRACK; }
bool is_closer(size_t type) { return type == P::RBRACE || type == P::RPAREN || type == P::RBRACK; }

// The symbols at which a line goes on, both at its end and at the beginning of the next.
bool joins_lines(size_t type) {
  switch (type) {
    case P::COLON: case P::ARROW: case P::RANGE: case P::PLUS_MINUS: case P::PIPE: case P::TILDE:
      return true;
    default: return is_arithmetic(type) || is_comparison(type) || is_assignment(type);
  }
}
bool goes_on_after(size_t type) {
  switch (type) {
    case P::AND: case P::OR: case P::NOT: case P::IF: case P::THEN: case P::ELSE: return true;
    default: return joins_lines(type);
  }
}
bool goes_on_before(size_t type) {
  switch (type) {
    case P::AND: case P::OR: case P::THEN: case P::ELSE: case P::LBRACE: return true;
    default: return joins_lines(type);
  }
}

// One open bracket, or the file itself, and how deep the operators within it have the parser nested so far.
struct Level {
  size_t type = 0;
  uint32_t begin = 0;
  size_t prefixes = 0;  // `-` and `^` in a row
  size_t nots = 0;
  size_t ifs = 0;
  size_t depth() const { return (type != 0) + prefixes + nots + ifs; }
};

class Scanner {
 public:
  Scanner(const source::Source& source, const std::vector<Lexeme>& raw, diagnostics::Emitter& emitter)
      : source_(source), raw_(raw), emitter_(emitter), literals_(source, raw, emitter), levels_(1) {}

  Tokens run() {
    tokens_.lexemes.reserve(raw_.size() + 1);
    for (size_t at = 0; at < raw_.size() && tokens_.readable && emitter_.error_count() < k_enough_errors;) {
      if (raw_[at].type == P::NEWLINE) {
        newline_ = newline_ ? newline_ : &raw_[at];
        at++;
      } else if (raw_[at].type == P::NUMBER || literals_.starts_with_point(at)) {
        Lexeme token;
        at = literals_.read(at, token);
        push(std::move(token));
      } else {
        push(raw_[at++]);
      }
    }
    finish();
    return std::move(tokens_);
  }

 private:
  Level& level() { return levels_.back(); }
  bool in_braces() const { return levels_.back().type == 0 || levels_.back().type == P::LBRACE; }
  size_t last() const { return tokens_.lexemes.empty() ? 0 : tokens_.lexemes.back().type; }
  Span span(const Lexeme& lexeme) const { return {source_.id(), lexeme.begin, lexeme.end}; }
  std::string_view text_of(const Lexeme& lexeme) const { return source_.text().substr(lexeme.begin, lexeme.end - lexeme.begin); }
  Span bracket(const Level& level) const { return {source_.id(), level.begin, level.begin + 1}; }
  void append(Lexeme lexeme) {
    lexeme.depth = static_cast<uint32_t>(levels_.size() - 1);
    tokens_.lexemes.push_back(std::move(lexeme));
  }

  void push(Lexeme lexeme) {
    if (newline_) end_line(lexeme);
    newline_ = nullptr;
    if (lexeme.type == P::COMMA && in_braces() && (last() == P::COMMA || last() == P::LBRACE)) {
      emitter_.emit(Kind::ParseExpected, span(lexeme), "expected an item before this `,`")
          .fix(span(lexeme), "", "leave it out");
      return;
    }
    if (is_word(lexeme.type) && lexeme.end - lexeme.begin > source::k_max_identifier_bytes)
      emitter_.emit(Kind::LimitIdentifier, span(lexeme),
                    fmt::format("a name of {} bytes; the limit is {}", lexeme.end - lexeme.begin,
                                source::k_max_identifier_bytes));
    // a string without an end has swallowed the rest of its line: what is open behind it is not known
    bool endless = lexeme.type == P::STRING && lexeme.quiet && text_of(lexeme)[0] == '"';
    auto count = [&](char sign) { return std::ranges::count(text_of(lexeme), sign); };
    if (endless && (count('{') != count('}') || count('(') != count(')') || count('[') != count(']'))) {
      brackets_lost_ = true;
      distrust(lexeme.begin);
    }
    if (is_closer(lexeme.type) && !close(lexeme)) return;
    count_expression(lexeme);
    count_nesting(lexeme);
    size_t type = lexeme.type;
    uint32_t begin = lexeme.begin;
    append(std::move(lexeme));
    if (is_opener(type)) levels_.push_back({type, begin});
  }

  // Whether the line that ended before `next` ended an item, too.
  void end_line(Lexeme& next) {
    if (!in_braces() || last() == 0 || last() == P::LBRACE || last() == P::COMMA || goes_on_after(last())) return;
    if (next.type == P::RBRACE || next.type == P::COMMA || goes_on_before(next.type)) return;
    if (next.type == P::LPAREN || next.type == P::LBRACK || next.type == P::NUMBER || next.type == P::QUANTITY) {
      report_join(next);
      next.quiet = true;
      if (is_word(last())) return;
    }
    close_expression();
    append(*newline_);
  }

  void report_join(const Lexeme& next) {
    std::string_view begins = next.type == P::LPAREN ? "`(`" : next.type == P::LBRACK ? "`[`" : "a number";
    Span gap{source_.id(), tokens_.lexemes.back().end, next.begin};
    bool comment = source_.text().substr(gap.begin, gap.end - gap.begin).find('#') != std::string_view::npos;
    auto& fault = emitter_.emit(Kind::ParseJoinLines, span(next), fmt::format("no line begins with {}", begins));
    if (comment) fault.help("join it with the line above");
    else fault.fix(gap, " ", "join it with the line above");
  }

  // ---- brackets
  bool close(const Lexeme& closer) {
    size_t found = levels_.size();
    while (found > 1 && closer_of(levels_[found - 1].type) != closer.type)
      if (closer.type != P::RBRACE && levels_[found - 1].type == P::LBRACE) found = 1;
      else found--;
    if (found <= 1 && brackets_lost_) return false;
    if (found <= 1) {
      emitter_.emit(Kind::ParseUnclosed, span(closer), fmt::format("`{}` closes nothing", symbol(closer.begin)));
      distrust(closer.begin);
      return false;
    }
    for (; levels_.size() > found; pop()) {
      if (brackets_lost_) continue;
      emitter_.emit(Kind::ParseUnclosed, bracket(level()), fmt::format("this `{}` is not closed", symbol(level().begin)))
          .note(span(closer), fmt::format("`{}` comes first", symbol(closer.begin)));
      distrust(level().begin);
    }
    if (closer.type == P::RBRACE) compare_indentation(level(), closer);
    pop();
    return true;
  }

  void pop() {
    nesting_ -= level().depth();
    levels_.pop_back();
  }
  char symbol(uint32_t at) const { return source_.text()[at]; }
  void distrust(uint32_t from) { tokens_.trusted = std::min(tokens_.trusted, from); }

  // A `}` that begins its line but stands at another column than the line of its `{` tells where one was forgotten.
  void compare_indentation(const Level& opened, const Lexeme& closer) {
    if (suspect_open_ != UINT32_MAX) return;
    std::string_view text = source_.text();
    uint32_t before = closer.begin;
    while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '\t')) before--;
    if (before > 0 && text[before - 1] != '\n') return;  // behind something: its line, which may be long, is not looked at
    auto [open_line, open_indent] = indentation(opened.begin);
    auto [close_line, close_indent] = indentation(closer.begin);
    if (open_line == close_line || close_line + close_indent != closer.begin || open_indent == close_indent) return;
    suspect_open_ = opened.begin;
    suspect_close_ = closer.begin;
  }
  std::pair<size_t, size_t> indentation(uint32_t at) const {
    std::string_view text = source_.text();
    size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    size_t line = newline == std::string_view::npos ? 0 : newline + 1;
    size_t first = text.find_first_not_of(" \t", line);
    return {line, first - line};
  }

  void finish() {
    auto end = static_cast<uint32_t>(source_.text().size());
    if (tokens_.readable && levels_.size() > 1 && !brackets_lost_ && emitter_.error_count() < k_enough_errors) {
      auto& fault = emitter_.emit(Kind::ParseUnclosed, bracket(level()),
                                  fmt::format("this `{}` is not closed", symbol(level().begin)));
      if (suspect_open_ != UINT32_MAX) {
        Span open{source_.id(), suspect_open_, suspect_open_ + 1}, closed{source_.id(), suspect_close_, suspect_close_ + 1};
        fault.note(open, "perhaps the `}` is missing here").note(closed, "this `}` closes it, though it is indented differently");
        distrust(suspect_open_);
      } else {
        fault.note(Span{source_.id(), end, end}, "the file ends first");
      }
      distrust(level().begin);
    }
    levels_.resize(1);
    Lexeme last{antlr4::Token::EOF, end, end};
    last.quiet = newline_ && newline_->quiet;
    append(last);
  }

  // ---- limits
  void count_expression(const Lexeme& lexeme) {
    bool first_word = expression_ == 0 && is_keyword(lexeme.type);
    if (first_word) return;
    bool separates = is_assignment(lexeme.type) || lexeme.type == P::COMMA || lexeme.type == P::LBRACE ||
                     lexeme.type == P::RBRACE || lexeme.type == P::COLON || lexeme.type == P::ARROW ||
                     lexeme.type == P::TILDE;
    if (separates && in_braces()) return close_expression();
    if (++expression_ <= source::k_max_expression_tokens) return;
    emitter_.emit(Kind::LimitExpression, span(lexeme),
                  fmt::format("this expression goes on behind its token {}; the limit is {}", source::k_max_expression_tokens,
                              source::k_max_expression_tokens))
        .help("name a part of it with `let`");
    tokens_.readable = false;
  }

  void close_expression() {
    expression_ = 0;
    reset(level().prefixes);
    reset(level().nots);
    reset(level().ifs);
  }
  void reset(size_t& counter) {
    nesting_ -= counter;
    counter = 0;
  }
  void deepen(size_t& counter) {
    counter++;
    nesting_++;
  }

  // Prefix operators, `^` and `if` nest in the parser as brackets do, so they count with them.
  void count_nesting(const Lexeme& lexeme) {
    bool prefix_minus = lexeme.type == P::MINUS && !ends_operand(last());
    if (prefix_minus || lexeme.type == P::CARET) deepen(level().prefixes);
    else if (lexeme.type == P::NOT) deepen(level().nots);
    else if (lexeme.type == P::IF) deepen(level().ifs);
    else if (is_opener(lexeme.type)) nesting_++;
    else if (is_arithmetic(lexeme.type) || is_comparison(lexeme.type)) reset(level().prefixes);
    else if (lexeme.type == P::AND || lexeme.type == P::OR) reset(level().prefixes), reset(level().nots);
    else if (lexeme.type == P::COMMA) reset(level().prefixes), reset(level().nots), reset(level().ifs);
    if (nesting_ <= source::k_max_nesting) return;
    emitter_.emit(Kind::LimitNesting, span(lexeme), fmt::format("this nests deeper than {} levels", source::k_max_nesting));
    tokens_.readable = false;
  }

  const source::Source& source_;
  const std::vector<Lexeme>& raw_;
  diagnostics::Emitter& emitter_;
  Literals literals_;
  Tokens tokens_;
  std::vector<Level> levels_;
  const Lexeme* newline_ = nullptr;  // the first of those before the next token
  size_t nesting_ = 0;               // the sum of depth() over levels_
  size_t expression_ = 0;            // tokens of the expression at hand
  bool brackets_lost_ = false;       // in a string without an end
  uint32_t suspect_open_ = UINT32_MAX, suspect_close_ = 0;
};

}  // namespace

Tokens scan(const source::Source& source, const std::vector<Lexeme>& raw, diagnostics::Emitter& emitter) {
  return Scanner(source, raw, emitter).run();
}

}  // namespace eic::parse
