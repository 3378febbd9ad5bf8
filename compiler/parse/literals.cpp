#include "compiler/parse/literals.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/parse/words.h"
#include "compiler/units/unit.h"

namespace eic::parse {

using diagnostics::Kind;
using P = grammar::EicParser;
using source::Span;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

// The length of `e5`, `e-5`, `E+5` at the beginning of `text`, or 0.
size_t exponent_length(std::string_view text) {
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return 0;
  size_t digits = text.size() > 1 && (text[1] == '+' || text[1] == '-') ? 2 : 1;
  size_t end = digits;
  while (end < text.size() && is_digit(text[end])) end++;
  return end > digits ? end : 0;
}

std::vector<std::string> every_unit_word() {
  std::vector<std::string> words = units::all_words();
  for (const std::string& plain : units::all_words())
    for (char prefix : std::string_view("fpnumcdkMGT"))
      if (units::find_word(prefix + plain)) words.push_back(prefix + plain);
  return words;
}

bool one_letter(std::string_view word) {
  return std::count_if(word.begin(), word.end(), [](char c) { return (c & 0xC0) != 0x80; }) == 1;
}

// "s^-2" to "s^2", "ms" to "ms^-1".
std::string inverted(std::string_view word_and_exponent) {
  size_t caret = word_and_exponent.find('^');
  std::string word(word_and_exponent.substr(0, caret));
  if (caret == std::string_view::npos) return word + "^-1";
  std::string_view exponent = word_and_exponent.substr(caret + 1);
  return word + (exponent[0] == '-' ? "^" + std::string(exponent.substr(1)) : "^-" + std::string(exponent));
}

}  // namespace

// A unit whose words are known, but not together.
void report_bad_unit(diagnostics::Emitter& emitter, Span span, const std::string& unit) {
  size_t celsius = unit.find("degC");
  if (celsius == std::string::npos) {
    emitter.emit(Kind::ParseUnknownUnit, span, fmt::format("`{}` is not a unit", unit))
        .help("an exponent lies in -20 .. 20 and is not 0");
    return;
  }
  std::string kelvin = unit;
  kelvin.replace(celsius, 4, "K");
  emitter
      .emit(Kind::UnitDegreeCelsius, span, fmt::format("`degC` counts from the freezing point and cannot be part of `{}`", unit))
      .fix(span, kelvin, fmt::format("write `{}`", kelvin));
}

std::string written_unit(std::string_view text, const std::vector<Lexeme>& lexemes, size_t from, size_t to) {
  std::string written;
  for (size_t i = from; i < to; i++)
    written += lexemes[i].type == P::MINUS ? "-" : text.substr(lexemes[i].begin, lexemes[i].end - lexemes[i].begin);
  return written;
}

std::string with_exponent(std::string_view word) {
  size_t stem = word.find_first_of("0123456789");
  if (stem == std::string_view::npos || stem == 0 || !all_digits(word.substr(stem)) || !units::find_word(word.substr(0, stem)))
    return {};
  return fmt::format("{}^{}", word.substr(0, stem), word.substr(stem));
}

// Every unit that differs from `word` in the case of its letters alone (`mv`: mV), and what is spelled out (`msec`, `millivolt`).
static std::vector<std::string> meant_units(std::string_view word) {
  static const std::vector<std::string> candidates = every_unit_word();
  auto folded = [](std::string text) {
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
  };
  std::string small = folded(std::string(word));
  std::vector<std::string> meant;
  for (const std::string& candidate : candidates)
    if (folded(candidate) == small && candidate.find("ohm") == std::string::npos && std::ranges::count(meant, candidate) == 0)
      meant.push_back(candidate);
  if (!meant.empty()) return meant;
  static constexpr std::pair<std::string_view, std::string_view> k_prefixes[] = {
      {"", ""},       {"femto", "f"}, {"pico", "p"}, {"nano", "n"}, {"micro", "u"}, {"milli", "m"},
      {"centi", "c"}, {"kilo", "k"},  {"mega", "M"}, {"giga", "G"}, {"f", "f"},     {"p", "p"},
      {"n", "n"},     {"u", "u"},     {"m", "m"},    {"k", "k"},    {"meg", "M"}};
  static constexpr std::pair<std::string_view, std::string_view> k_words[] = {
      {"volt", "V"},   {"ampere", "A"},  {"amp", "A"},        {"siemens", "S"}, {"mho", "S"},   {"ohm", "Ohm"}, {"farad", "F"},
      {"hertz", "Hz"}, {"second", "s"},  {"sec", "s"},        {"metre", "m"},   {"meter", "m"}, {"molar", "M"}, {"mole", "mol"},
      {"kelvin", "K"}, {"coulomb", "C"}, {"celsius", "degC"}, {"l", "L"},       {"liter", "L"}, {"litre", "L"}};
  for (auto [long_prefix, prefix] : k_prefixes)
    for (auto [long_word, unit] : k_words) {
      std::string whole = std::string(long_prefix) + std::string(long_word), ours = std::string(prefix) + std::string(unit);
      if ((small == whole || small == whole + "s") && units::find_word(ours)) return {ours};
    }
  return {};
}

static std::string similar_unit(std::string_view word) {
  static const std::vector<std::string> candidates = every_unit_word();
  return diagnostics::did_you_mean(word, candidates).value_or("");
}

// What was meant by a word that is no unit, as fixes where that is plain.
void suggest_unit(diagnostics::Diagnostic& fault, Span at, const std::string& word) {
  if (std::string meant = with_exponent(word); !meant.empty()) {
    fault.fix(at, meant, fmt::format("write `{}`", meant));
  } else if (std::vector<std::string> all = meant_units(word); all.size() == 1) {
    fault.fix(at, all[0], fmt::format("write `{}`", all[0]));
  } else if (all.size() > 1) {
    std::string listed;
    for (const std::string& unit : all)
      listed +=
          fmt::format("{}`{}` ({})", listed.empty() ? "" : " or ", unit, units::describe(units::parse_unit(unit)->dimension));
    fault.help(fmt::format("did you mean {}?", listed));
  } else if (word == "min" || word == "h" || word == "hour" || word == "hours" || word == "minutes") {
    fault.help("the unit of time is `s` with its prefixes: one minute is `60 s`, one hour `3600 s`");
  } else if (std::string near = similar_unit(word); word.size() > 2 && !near.empty()) {
    fault.help(fmt::format("did you mean `{}`?", near));
  }
}

std::string_view Literals::text(size_t from, size_t to) const {
  return text_.substr(raw_[from].begin, raw_[to - 1].end - raw_[from].begin);
}

bool Literals::starts_with_point(size_t at) const {
  if (type(at) != P::DOT || type(at + 1) != P::NUMBER || !tight(at + 1)) return false;
  return !(tight(at) && ends_operand(type(at - 1)));
}

bool Literals::is_name(size_t at) const {
  if (!tight(at + 1)) return false;
  switch (type(at + 1)) {
    case P::LPAREN: case P::LBRACK: case P::PRIME: return true;
    case P::DOT: return tight(at + 2) && is_word(type(at + 2));
    default: return false;
  }
}

bool Literals::is_unit_word(size_t at) const { return is_word(type(at)) && !is_name(at) && units::find_word(word(at)); }

// A word that the file uses as a name somewhere: it is declared, or passed around. Unit positions (`: ms`) do not count.
bool Literals::declared(std::string_view name) {
  if (!declared_known_) {
    for (size_t i = 1; i < raw_.size(); i++) {
      size_t before = type(i - 1), after = type(i + 1);
      if (!is_word(type(i)) || before == P::COLON || before == P::PIPE || before == P::SLASH ||
          before == P::NUMBER)
        continue;
      bool listed = (before == P::LPAREN || before == P::COMMA) && (after == P::RPAREN || after == P::COMMA);
      if (is_keyword(before) || listed || is_assignment(after) || after == P::COLON || after == P::PRIME)
        declared_.insert(word(i));
    }
    declared_known_ = true;
  }
  return declared_.contains(name);
}

size_t Literals::exponent_end(size_t at) const {
  if (type(at) != P::CARET || !tight(at)) return at;
  size_t number = at + 1;
  if (type(number) == P::MINUS && tight(number)) number++;
  return type(number) == P::NUMBER && tight(number) && all_digits(word(number)) ? number + 1 : at;
}

size_t Literals::unit_end(size_t at) const {
  size_t end = at;
  while (is_unit_word(at)) {
    end = exponent_end(at + 1);
    if (type(end) != P::SLASH || !tight(end) || !tight(end + 1)) break;
    at = end + 1;
  }
  return end;
}

size_t Literals::junk_end(size_t at) const {
  size_t end = exponent_end(at + 1);
  while (type(end) == P::SLASH && tight(end) && tight(end + 1) && is_word(type(end + 1)) && !is_name(end + 1))
    end = exponent_end(end + 2);
  return end;
}

size_t Literals::read(size_t at, Lexeme& token) {
  token = raw_[at];
  size_t next = read_digits(at, token);
  token.type = P::NUMBER;
  token.number_end = token.end;
  if (names_something(at) && is_word(type(next)) && tight(next)) {  // `channel 2Na`
    token.end = raw_[next].end;
    return next + 1;
  }
  if (size_t grouped = read_grouped(next, token); grouped > next) return grouped;
  if (is_word(type(next)) && type(next + 1) == P::DOT && units::find_word(word(next)))  // `mS.cm-2`
    if (size_t end = read_apart(next, next + 1, token); end > next + 1) return end;
  if (size_t end = unit_end(next); end > next) return read_unit(next, end, token);
  bool reciprocal = type(next) == P::SLASH && is_unit_word(next + 1) && !one_letter(word(next + 1)) && !declared(word(next + 1));
  if (reciprocal && !is_exponent_of_unit(at)) return read_reciprocal(next, token);
  bool stray_word = type(next) == P::WORD || type(next) == P::UNIT_WORD;
  bool next_item = stray_word && is_assignment(type(next + 1)) && !tight(next);  // a forgotten `,`: the parser says so
  return stray_word && !next_item && !is_name(next) && !raw_[next].quiet ? read_unknown(next, token) : next;
}

// The 2 of `: um^2/ms`: what follows is more of the unit.
bool Literals::is_exponent_of_unit(size_t at) const {
  if (at > 1 && type(at - 1) == P::MINUS) at--;
  if (at == 0 || type(at - 1) != P::CARET) return false;
  while (at > 0 && (type(at - 1) == P::CARET || type(at - 1) == P::MINUS || type(at - 1) == P::NUMBER || type(at - 1) == P::SLASH ||
                    is_word(type(at - 1))))
    at--;
  return at > 0 && (type(at - 1) == P::COLON || type(at - 1) == P::PIPE);
}

bool Literals::names_something(size_t at) const {
  if (at == 0) return false;
  switch (type(at - 1)) {
    case P::CHANNEL: case P::SYNAPSE: case P::CELL: case P::NETWORK: case P::POPULATION: case P::PROJECTION: case P::SIMULATE:
    case P::PARAM: case P::LET: case P::STATE: case P::FN: case P::GATE: case P::ION:
      return true;
    default: return false;
  }
}

// `10_000`, `10'000`: the digits that follow belong to the number.
size_t Literals::read_grouped(size_t at, Lexeme& token) {
  size_t end = at;
  while (end < raw_.size() && tight(end)) {
    bool line = type(end) == P::WORD && word(end)[0] == '_' && word(end).size() > 1 && all_digits(word(end).substr(1));
    bool tick = type(end) == P::PRIME && type(end + 1) == P::NUMBER && tight(end + 1) && all_digits(word(end + 1));
    if (!line && !tick) break;
    end += line ? 1 : 2;
  }
  if (end == at) return at;
  token.end = raw_[end - 1].end;
  std::string digits;
  for (char c : written(token))
    if (c != '_' && c != '\'') digits += c;
  Span whole{file_, token.begin, token.end};
  emitter_.emit(Kind::ParseBadNumber, whole, "the digits of a number are not grouped")
      .fix(whole, digits, fmt::format("write `{}`", digits));
  return end;
}

// `3 mS cm^-2`, `3 mS.cm^-2`: the words of a unit are joined by `/` alone. raw_[end] is the first word that stands apart.
size_t Literals::read_apart(size_t at, size_t end, Lexeme& token) {
  std::string unit = unit_text(at, end);
  size_t next = end;
  bool known = true;
  while (next < raw_.size() && same_line(next)) {
    size_t word_at = type(next) == P::DOT ? next + 1 : next;
    if (word_at >= raw_.size() || !is_word(type(word_at)) || is_assignment(type(word_at + 1)) || declared(word(word_at))) break;
    size_t stop = exponent_end(word_at + 1);
    bool bare = type(word_at + 1) == P::MINUS && tight(word_at + 1) && type(word_at + 2) == P::NUMBER && tight(word_at + 2);
    if (!units::find_word(word(word_at)) || (stop == word_at + 1 && !bare)) break;
    if (bare) stop = word_at + 3;  // `cm-2`
    std::string raised(word(word_at));
    std::string_view exponent = word(stop - 1);
    bool below = type(stop - 2) == P::MINUS;
    if (exponent != "1") raised += fmt::format("^{}", exponent);
    known &= below;
    unit += "/" + raised;
    next = stop;
  }
  if (next == end) return end;
  Span whole = span(at, next);
  auto& fault = emitter_.emit(Kind::ParseUnknownUnit, whole, "the words of a unit are joined by `/`");
  if (known && units::parse_unit(unit)) fault.fix(whole, unit, fmt::format("write `{}`", unit));
  token.end = raw_[next - 1].end;
  return next;
}

// Takes in the points that stand wrong: `.5`, `1.`, `1.e5`, `1.2.3`.
size_t Literals::read_digits(size_t at, Lexeme& token) {
  if (type(at) == P::DOT) {
    token.end = raw_[at + 1].end;
    emitter_.emit(Kind::ParseBadNumber, span(at, at + 2), "a number begins with a digit")
        .fix(span(at, at + 1), "0.", fmt::format("write `0{}`", text(at, at + 2)));
    return at + 2;
  }
  size_t next = at + 1;
  if (type(next) != P::DOT || !tight(next)) return next;
  token.end = raw_[next].end;
  if (type(next + 1) == P::NUMBER && tight(next + 1)) {
    token.end = raw_[next + 1].end;
    emitter_.emit(Kind::ParseBadNumber, span(at, next + 2), "a number has one point at most");
    return next + 2;
  }
  size_t exponent = exponent_length(text_.substr(raw_[next].end));
  token.end += static_cast<uint32_t>(exponent);
  emitter_.emit(Kind::ParseBadNumber, {file_, token.begin, token.end}, "a digit follows the point of a number")
      .fix({file_, raw_[next].begin, raw_[next].end}, ".0",
           fmt::format("write `{}.0{}`", word(at), text_.substr(raw_[next].end, exponent)));
  do next++;
  while (next < raw_.size() && raw_[next].begin < token.end);
  return next;
}

void Literals::set_unit(std::string unit, size_t from, size_t to, Lexeme& token) {
  token.end = raw_[to - 1].end;
  if (!units::parse_unit(unit)) {
    report_bad_unit(emitter_, span(from, to), unit);
    return;
  }
  token.type = P::QUANTITY;
  token.unit = std::move(unit);
}

size_t Literals::read_unit(size_t at, size_t end, Lexeme& token) {
  Span gap{file_, token.end, raw_[at].begin};
  // Blanks of another kind were reported already.
  bool plain = text_.substr(gap.begin, gap.end - gap.begin).find_first_not_of(" \t") == std::string_view::npos;
  if (plain && gap.end - gap.begin > 1)
    emitter_.emit(Kind::ParseBadNumber, gap, "at most one blank stands between a number and its unit")
        .fix(gap, " ", fmt::format("write `{} {}`", written(token), text(at, end)));
  std::string unit = unit_text(at, end);
  if (end < raw_.size() && same_line(end))
    if (size_t apart = read_apart(at, end, token); apart > end) return apart;
  // `100 mS/cm2`: the run stopped before a word that is a unit but for its missing `^`, or `nmol/l` for the case of a letter.
  if (type(end) == P::SLASH && tight(end) && tight(end + 1) && is_word(type(end + 1)) && !is_name(end + 1)) {
    std::string meant = with_exponent(word(end + 1));
    if (std::vector<std::string> cased = meant_units(word(end + 1)); meant.empty() && cased.size() == 1) meant = cased[0];
    if (!meant.empty() && !declared(word(end + 1))) {
      emitter_.emit(Kind::ParseUnknownUnit, span(end + 1, end + 2), fmt::format("`{}` is not a unit", word(end + 1)))
          .fix(span(end + 1, end + 2), meant, fmt::format("write `{}`", meant));
      unit += "/" + meant;
      end += 2;
    }
  }
  set_unit(std::move(unit), at, end, token);
  return end;
}

size_t Literals::read_reciprocal(size_t at, Lexeme& token) {
  size_t first = at + 1, end = unit_end(first), first_end = exponent_end(first + 1);
  std::string unit = inverted(unit_text(first, first_end)) + unit_text(first_end, end);
  if (!units::parse_unit(unit)) {
    report_bad_unit(emitter_, span(first, end), unit);
    token.type = P::QUANTITY;
    token.end = raw_[end - 1].end;
    token.unit = "K";
    token.quiet = true;
    return end;
  }
  std::string digits(written(token));
  Span whole{file_, token.begin, raw_[end - 1].end};
  size_t before = at >= 2 ? type(at - 2) : 0;
  auto& fault = emitter_.emit(Kind::ParseReciprocalUnit, whole,
                              fmt::format("`{}` stands behind `/` as a unit, where only a name may stand", word(first)));
  if (before == P::COLON || before == P::PIPE)
    fault.fix(whole, unit, fmt::format("write `{}`", unit)), token.quiet = true;
  else if (before == P::SLASH || before == P::CARET)
    fault.help(fmt::format("a reciprocal is written with `^-1`: `{} {}` is {} over one {}", digits, unit, digits, word(first)));
  else
    fault.fix(whole, digits + " " + unit, fmt::format("write `{} {}`", digits, unit));
  set_unit(std::move(unit), first, end, token);
  return end;
}

size_t Literals::read_unknown(size_t at, Lexeme& token) {
  size_t end = junk_end(at);
  std::string name(word(at));
  // `1d-3`, `1.5x10^-3`: powers of ten of other languages
  bool fortran = (name == "d" || name == "D") && tight(at) && type(at + 1) == P::MINUS && tight(at + 1) &&
                 type(at + 2) == P::NUMBER && tight(at + 2);
  bool powers = (name == "x10" || name == "X10") && tight(at) && exponent_end(at + 1) > at + 1;
  if (fortran || powers) {
    size_t stop = fortran ? at + 3 : exponent_end(at + 1);
    std::string plain = fmt::format("{}e{}", written(token), fortran ? text(at + 1, stop) : text(at + 2, stop));
    Span whole{file_, token.begin, raw_[stop - 1].end};
    emitter_.emit(Kind::ParseBadNumber, whole, "a power of ten is written with `e`")
        .fix(whole, plain, fmt::format("write `{}`", plain));
    token.end = raw_[stop - 1].end;
    size_t unit = unit_end(stop);
    if (unit > stop) token.end = raw_[unit - 1].end;
    return unit > stop ? unit : stop;
  }
  auto& fault = emitter_.emit(Kind::ParseUnknownUnit, span(at, at + 1), fmt::format("`{}` is not a unit", name));
  if (word(at - 1) == "0" && tight(at) && name[0] == 'x') fault.help("numbers are decimal");
  else if (declared(name) && with_exponent(name).empty())
    fault.fix({file_, token.end, raw_[at].begin}, "*", fmt::format("to multiply, write `{}*{}`", written(token), name));
  else suggest_unit(fault, span(at, at + 1), name);
  token.end = raw_[end - 1].end;
  return end;
}

}  // namespace eic::parse
