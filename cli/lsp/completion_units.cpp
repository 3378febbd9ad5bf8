#include "cli/lsp/completion_units.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "cli/lsp/words.h"
#include "compiler/units/unit.h"

namespace eic::lsp {

namespace {

// The units of more than one word that models are written in.
constexpr const char* k_compound[] = {"S/cm^2", "mS/cm^2",  "uS/cm^2", "S/m^2", "nS/um^2", "uF/cm^2", "F/m^2", "uA/cm^2",
                                      "A/m^2",  "ms^-1",    "s^-1",    "um^2",  "cm^2",    "mm^2",    "um^3",  "mV/ms",
                                      "V/s",    "ms^-1/mV", "mV^-1",   "nS/ms", "nA/ms",   "cm/s",    "mM/ms"};

bool unit_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '^' || c == '/' || static_cast<unsigned char>(c) >= 0x80;
}

// `E` of an ion is declared nowhere.
std::vector<std::string> units_of_path(const Site& site, const std::string& path) {
  if (auto found = named(site, path)) return found->declared.units;
  auto ion = path.ends_with(".E") ? named(site, path.substr(0, path.size() - 2)) : std::nullopt;
  return ion && ion->declared.word == "ion" ? std::vector<std::string>{"mV"} : std::vector<std::string>{};
}

std::vector<std::string> meant(const Site& site) {
  std::string_view first = site.first();
  std::string path = site.assigned();
  const auto& tokens = site.outline().tokens();
  for (size_t i = site.at; site.item && i-- > site.item->first && i + 6 > site.at;) {
    if (tokens[i].is("every") || tokens[i].is("refractory")) return {"ms"};
    if (tokens[i].is("crosses")) return {"mV"};
  }
  if (first == "expect") {
    const WordInfo* measure = find_word(site.outline().word(*site.item, 1), Group::Measure);
    return measure && !measure->unit.empty() ? std::vector<std::string>{std::string(measure->unit)} : std::vector<std::string>{};
  }
  if (path == "v" || path == "initv") return {"mV"};
  if (site.block() == "instance") {
    auto type = mechanism(site);
    if (type && type->declared.node->has_block())
      for (const Declared& declared : type->outline->declared(*type->declared.node))
        if (declared.name == path) return declared.units;
  }
  if (first == "param" || first == "state" || site.block() == "param") {
    if (!site.item) return {};
    size_t name = site.item->first + (site.block() != "param");
    Declared written;
    if (name + 1 < site.item->last && tokens[name + 1].is(":")) read_value(site.outline(), *site.item, name + 1, written);
    return written.units;  // else the literal itself says what is meant
  }
  if (site.block() == "population" && first != "init" && path.find('.') == path.npos) return {"1"};  // a view
  if (const WordInfo* setting = find_setting(path, site.block()); setting && !setting->unit.empty())
    return {std::string(setting->unit)};
  return path.empty() ? std::vector<std::string>{} : units_of_path(site, path);
}

std::string described(const units::Unit& unit) {
  std::string text = units::describe(unit.dimension);
  return text.starts_with("in ") ? "" : text;
}

}  // namespace

std::optional<UnitPlace> unit_place(const Site& site) {
  const std::string& text = site.outline().text();
  const auto& tokens = site.outline().tokens();
  uint32_t begin = site.offset, end = site.offset;
  while (begin > 0 && (unit_character(text[begin - 1]) || (text[begin - 1] == '-' && begin > 1 && text[begin - 2] == '^')))
    begin--;
  while (end < text.size() && unit_character(text[end])) end++;
  bool blank = begin > 1 && text[begin - 1] == ' ';
  for (const Token& token : tokens) {
    if (token.begin >= site.offset || token.mark != Mark::Number) continue;
    bool apart = blank && token.end + 1 == begin;
    bool tight = token.begin == begin && token.end < site.offset;  // `5m`
    if (apart || tight) return UnitPlace{tight ? token.end : begin, end, meant(site)};
  }
  std::string_view first = site.first();
  if (!site.item || (first != "param" && first != "state" && first != "on" && site.block() != "param")) return std::nullopt;
  size_t last = site.at;  // the token before what stands of the unit
  while (last > site.item->first && tokens[last - 1].begin >= begin) last--;
  if (last == site.item->first || !(tokens[last - 1].is(":") || tokens[last - 1].is("|"))) return std::nullopt;
  return UnitPlace{begin, end, {}};
}

std::vector<UnitChoice> unit_choices(const UnitPlace& place, bool asked) {
  std::vector<UnitChoice> fitting, others;
  std::vector<std::string> all;
  std::vector<units::Dimension> dimensions;
  for (const std::string& text : place.meant)
    if (auto unit = units::parse_unit(text)) {
      if (std::find(dimensions.begin(), dimensions.end(), unit->dimension) == dimensions.end())
        dimensions.push_back(unit->dimension);
    }
  bool plain_only =
      !dimensions.empty() && std::all_of(dimensions.begin(), dimensions.end(), [](auto& d) { return d.dimensionless(); });
  if (plain_only && !asked) return {};
  if (place.meant.size() == 1) all = place.meant;  // of alternatives (`S/m^2 | S`), the usual units are the likelier ones
  for (const units::Dimension& dimension : dimensions) all.push_back(units::usual_unit(dimension));
  all.insert(all.end(), place.meant.begin(), place.meant.end());
  for (const char* usual : {"mV", "ms", "nS", "pA", "nA", "pF", "MOhm"}) all.emplace_back(usual);
  for (const char* compound : k_compound) all.emplace_back(compound);
  for (std::string& word : units::all_words()) all.push_back(std::move(word));
  std::set<std::string> known;
  for (const std::string& text : all) {
    auto unit = units::parse_unit(text);
    if (!unit || text == "1" || !known.insert(text).second) continue;
    bool fits = std::find(dimensions.begin(), dimensions.end(), unit->dimension) != dimensions.end();
    (fits ? fitting : others).push_back({text, described(*unit)});
  }
  fitting.insert(fitting.end(), others.begin(), others.end());
  return fitting;
}

}  // namespace eic::lsp
