// In: the lexemes from a number on. Out: one token, the number with the unit that belongs to it (docs/language.md, Lexical
// rules), and every complaint about numbers and their units. Called by the scan of tokens.cpp.
#pragma once
#include <string_view>
#include <unordered_set>
#include <vector>

#include "compiler/parse/tokens.h"

namespace eic::parse {

// The lexemes from `from` to `to` as a unit, without the blanks that may stand in it and with a plain minus.
void report_bad_unit(diagnostics::Emitter& emitter, source::Span span, const std::string& unit);
std::string written_unit(std::string_view text, const std::vector<Lexeme>& lexemes, size_t from, size_t to);
// `cm^2` for `cm2`, where `cm` is a unit; empty otherwise.
std::string with_exponent(std::string_view word);
// Says on `fault` what was probably meant by a word that is no unit: as a fix where that is plain, else as a hint.
void suggest_unit(diagnostics::Diagnostic& fault, source::Span at, const std::string& word);

class Literals {
 public:
  Literals(const source::Source& source, const std::vector<Lexeme>& raw, diagnostics::Emitter& emitter)
      : text_(source.text()), file_(source.id()), raw_(raw), emitter_(emitter) {}

  // raw[at] is a number, or a `.` that touches one. Gives the first lexeme behind what `token` has taken in.
  size_t read(size_t at, Lexeme& token);
  bool starts_with_point(size_t at) const;  // `.5`

 private:
  size_t type(size_t at) const { return at < raw_.size() ? raw_[at].type : 0; }
  bool tight(size_t at) const { return at > 0 && at < raw_.size() && raw_[at - 1].end == raw_[at].begin; }
  std::string_view text(size_t from, size_t to) const;  // from the beginning of one lexeme to the end of the one before `to`
  std::string_view word(size_t at) const { return text(at, at + 1); }
  std::string_view written(const Lexeme& token) const { return text_.substr(token.begin, token.end - token.begin); }
  std::string unit_text(size_t from, size_t to) const { return written_unit(text_, raw_, from, to); }
  source::Span span(size_t from, size_t to) const { return {file_, raw_[from].begin, raw_[to - 1].end}; }

  bool is_name(size_t at) const;       // what follows the word makes it a name
  bool is_unit_word(size_t at) const;
  bool declared(std::string_view name);
  size_t exponent_end(size_t at) const;
  size_t unit_end(size_t at) const;    // behind the longest run of unit words; `at` where there is none
  size_t junk_end(size_t at) const;    // the same over any words

  size_t read_digits(size_t at, Lexeme& token);
  size_t read_unit(size_t at, size_t end, Lexeme& token);
  size_t read_reciprocal(size_t at, Lexeme& token);
  size_t read_unknown(size_t at, Lexeme& token);
  size_t read_apart(size_t at, size_t end, Lexeme& token);
  size_t read_grouped(size_t at, Lexeme& token);
  bool is_exponent_of_unit(size_t at) const;
  bool names_something(size_t at) const;  // the word before raw_[at] wants a name
  bool same_line(size_t at) const {
    return at > 0 && text_.substr(raw_[at - 1].end, raw_[at].begin - raw_[at - 1].end).find('\n') == std::string_view::npos;
  }
  void set_unit(std::string unit, size_t from, size_t to, Lexeme& token);

  std::string_view text_;
  uint32_t file_;
  const std::vector<Lexeme>& raw_;
  diagnostics::Emitter& emitter_;
  std::unordered_set<std::string_view> declared_;
  bool declared_known_ = false;
};

}  // namespace eic::parse
