#include "compiler/units/unit.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace eic::units {

namespace {

struct Word {
  std::string_view word, prefixes;
  int scale;
  std::array<int, 6> si;
};

constexpr Word k_words[] = {
#define EIC_UNIT(word, prefixes, scale, m, kg, s, A, K, mol) {word, prefixes, scale, {m, kg, s, A, K, mol}},
#include "compiler/units/units.def"
#undef EIC_UNIT
};

constexpr std::pair<char, int> k_prefixes[] = {{'a', -18}, {'f', -15}, {'p', -12}, {'n', -9}, {'u', -6}, {'m', -3},
                                               {'c', -2},  {'d', -1},  {'k', 3},   {'M', 6},  {'G', 9},  {'T', 12}};

// µ (both code points) to u, Ω (both) to Ohm.
std::string ascii(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> k_same[] = {
      {"\u00b5", "u"}, {"\u03bc", "u"}, {"\u2126", "Ohm"}, {"\u03a9", "Ohm"}};
  std::string out;
  for (size_t i = 0; i < text.size();) {
    auto found =
        std::find_if(std::begin(k_same), std::end(k_same), [&](auto& same) { return text.substr(i).starts_with(same.first); });
    if (found == std::end(k_same)) {
      out += text[i++];
    } else {
      out += found->second;
      i += found->first.size();
    }
  }
  return out;
}

Unit make(const Word& word, int prefix) {
  Unit unit;
  for (int i = 0; i < 6; i++) unit.dimension.exponents[i] = word.si[i] * k_twelfths;
  unit.scale = word.scale + prefix;
  return unit;
}

}  // namespace

Unit dimensionless() {
  Unit unit;
  unit.text = "1";
  return unit;
}

std::optional<Unit> find_word(std::string_view written) {
  std::string text = ascii(written);
  if (text == "degC") {
    Unit unit;
    unit.dimension.exponents[Kelvin] = k_twelfths;
    unit.celsius = true;
    unit.text = text;
    return unit;
  }
  for (const Word& word : k_words) {
    std::optional<Unit> unit;
    if (text == word.word) unit = make(word, 0);
    for (auto [letter, power] : k_prefixes)
      if (word.prefixes.find(letter) != std::string_view::npos && text.size() == word.word.size() + 1 && text[0] == letter &&
          std::string_view(text).substr(1) == word.word)
        unit = make(word, power);
    if (unit) {
      unit->text = std::string(written);
      return unit;
    }
  }
  return std::nullopt;
}

std::optional<Unit> parse_unit(std::string_view text) {
  if (text == "1") return dimensionless();
  Unit whole;
  whole.text = std::string(text);
  for (int sign = 1;; sign = -1) {
    size_t slash = text.find('/');
    std::string_view part = text.substr(0, slash);
    size_t hat = part.find('^');
    int power = 1;
    if (hat != std::string_view::npos) {
      std::string_view digits = part.substr(hat + 1);
      auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), power);
      if (fault != std::errc() || end != digits.data() + digits.size() || power == 0 || power > 20 || power < -20)
        return std::nullopt;
    }
    auto word = find_word(part.substr(0, hat));
    if (!word) return std::nullopt;
    if (word->celsius) return slash == std::string_view::npos && sign == 1 && hat == std::string_view::npos ? word : std::nullopt;
    whole.dimension = whole.dimension * word->dimension.power(sign * power);
    whole.scale += sign * power * word->scale;
    if (slash == std::string_view::npos) return whole;
    text = text.substr(slash + 1);
  }
}

Unit usual(const Dimension& dimension) {
  std::string text = usual_unit(dimension);
  if (auto unit = parse_unit(text)) return *unit;
  Unit unit;  // a product: usual_unit writes those in internal units only
  unit.dimension = dimension;
  unit.scale = internal_exponent(dimension);
  unit.text = text;
  return unit;
}

std::vector<std::string> all_words() {
  std::vector<std::string> words = {"degC"};
  for (const Word& word : k_words) {
    words.emplace_back(word.word);
    for (char letter : word.prefixes) words.push_back(letter + std::string(word.word));
  }
  return words;
}

}  // namespace eic::units
