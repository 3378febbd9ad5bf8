// What could be written at a place: by what stands before it on its item, and by the block around it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/lsp/completion_units.h"
#include "cli/lsp/features.h"
#include "cli/lsp/scope.h"
#include "cli/lsp/words.h"
#include "compiler/stdlib.h"

namespace eic::lsp {

namespace {

// Of the protocol's CompletionItemKind.
enum Shown : int {
  k_function = 3,
  k_field = 5,
  k_variable = 6,
  k_class = 7,
  k_module = 9,
  k_property = 10,
  k_unit = 11,
  k_value = 12,
  k_keyword = 14,
  k_constant = 21
};

int shown(const std::string& word) {
  if (word == "fn") return k_function;
  if (word == "channel" || word == "synapse" || word == "cell" || word == "network") return k_class;
  if (word == "state" || word == "gate" || word == "view") return k_field;
  return word == "param" || word == "setting" ? k_property : k_variable;
}

std::string detail_of(const Declared& declared) {
  std::string units;
  for (const std::string& unit : declared.units) units += (units.empty() ? "" : " | ") + unit;
  return declared.word + (declared.type.empty() ? "" : " : " + declared.type) + (units.empty() ? "" : ", " + units);
}

class Completion {
 public:
  Completion(const Document& document, uint32_t offset, bool asked) : site_(document, offset), asked_(asked) {}

  json list() {
    if (site_.outline().in_comment(site_.offset) || in_string()) return finish();
    if (auto place = unit_place(site_)) {
      for (const UnitChoice& unit : unit_choices(*place, asked_))
        put(unit.text, k_unit, unit.detail, unit.text, place->begin, place->end);
      return finish();
    }
    if (digits_before()) return finish();
    if (site_.back() == ".") members();
    else if (!site_.item) begin_item();
    else within_item();
    return finish();
  }

 private:
  bool in_string() const {
    size_t at = site_.outline().token_at(site_.offset);
    if (at == SIZE_MAX || site_.outline().tokens()[at].mark != Mark::String) return false;
    const Token& token = site_.outline().tokens()[at];
    return token.begin < site_.offset && (site_.offset < token.end || token.text.size() < 2 || token.text.back() != '"');
  }
  bool digits_before() const {  // the place is inside or right behind a number
    size_t at = site_.outline().token_at(site_.offset);
    return at != SIZE_MAX && site_.outline().tokens()[at].mark == Mark::Number;
  }

  void put(const std::string& label, int kind, const std::string& detail, const std::string& text, uint32_t begin, uint32_t end,
           const std::string& about = "") {
    if (!known_.insert(label).second) return;
    json item = {{"label", label},
                 {"kind", kind},
                 {"sortText", fmt::format("{:04}", items_.size())},
                 {"textEdit", {{"range", site_.document.text.range(begin, end)}, {"newText", text}}}};
    if (!detail.empty()) item["detail"] = detail;
    if (!about.empty()) item["documentation"] = about;
    items_.push_back(std::move(item));
  }
  void put(const std::string& label, int kind, const std::string& detail, const std::string& text,
           const std::string& about = "") {
    put(label, kind, detail, text, site_.begin, site_.end, about);
  }
  void put(const std::string& label, int kind, const std::string& detail = "") { put(label, kind, detail, label); }
  void put(const Found& found) {
    put(found.declared.name, shown(found.declared.word), detail_of(found.declared), found.declared.name,
        comment_above(found.outline->text(), found.declared.begin));
  }
  void put(const std::vector<Found>& all) {
    for (const Found& found : all) put(found);
  }
  void put(Group group, int kind) {
    for (const WordInfo& info : words())
      if (info.group == group) put(std::string(info.word), kind, std::string(info.text));
  }
  void put_setting(const Declared& declared) {
    std::string value = declared.value.empty() ? "no default" : "default " + declared.value;
    put(declared.name, k_property, detail_of(declared), declared.name + " = ", value);
  }
  json finish() const { return {{"isIncomplete", false}, {"items", items_}}; }

  // ---- the first word of an item
  void begin_item() {
    std::string block = site_.block();
    std::set<std::string> given;
    for (const Node& child : site_.block_node().children)
      if (child.first != site_.at) given.insert(std::string(site_.outline().word(child)));
    if (after_record_comma()) return variables();
    if (block == "use") return imports(given);
    if (block == "instance") return parameters_of(mechanism(site_), given);
    if (block == "init") return starts();
    if (block == "body") return expression();
    if (block == "ion" && site_.outline().word(site_.block_node(), 2) == ":") return;
    if (!asked_) return;  // a blank was typed at the beginning of a line
    for (Group group : {Group::Item, Group::Setting})
      for (const WordInfo& info : words()) {
        std::string word(info.word);
        if (info.group != group || !info.stands_in(block) || (group == Group::Setting && given.contains(word))) continue;
        put(word, group == Group::Item ? k_keyword : k_property, std::string(info.text),
            group == Group::Item ? word : word + " = ");
      }
    if (block == "population") population_parameters();
    if (block == "cell" && site_.outline().word(site_.block_node(), 2) == ":") population_parameters();
    if (block == "simulate" || block == "test") paths_to_set();
    if (block == "sweep") paths_to_set();
    if (block == "cell" || block == "channel" || block == "synapse") equations();
  }

  bool after_record_comma() const {
    const auto& tokens = site_.outline().tokens();
    if (!site_.before || site_.at == 0 || !tokens[site_.at - 1].is(",")) return false;
    const auto& siblings = site_.block_node().children;
    for (size_t i = static_cast<size_t>(site_.before - siblings.data()) + 1; i-- > 0;) {
      if (site_.outline().word(siblings[i]) == "record") return true;
      if (siblings[i].first == 0 || !tokens[siblings[i].first - 1].is(",")) return false;
    }
    return false;
  }

  void equations() {
    for (const Declared& declared : site_.outline().declared(site_.block_node()))
      if (declared.word == "state") put(declared.name + "'", k_field, "the equation of " + declared.name, declared.name + "' = ");
    if (site_.block() == "cell") put("v'", k_field, "an equation of v's own", "v' = ");
  }

  void parameters_of(const std::optional<Found>& mechanism, const std::set<std::string>& given) {
    if (!mechanism || !mechanism->declared.node->has_block()) return;
    auto all = mechanism->outline->declared(*mechanism->declared.node);
    for (bool needed : {true, false})
      for (const Declared& declared : all)
        if (declared.word == "param" && declared.value.empty() == needed && !given.contains(declared.name)) put_setting(declared);
  }

  void population_parameters() {
    if (auto cell = find_top(site_.document, site_.outline().word(site_.block_node(), 3))) put_paths(*cell, "");
  }
  void paths_to_set() {
    for (const Declared& declared : site_.outline().declared(site_.outline().root()))
      if (declared.word == "param") put_setting(declared);
    for (const Found& cell : top_of_kind(site_.document, "cell")) put_paths(cell, cell.declared.name + ".");
  }
  // Every parameter of a cell by its path.
  void put_paths(const Found& cell, const std::string& prefix) {
    for (const Found& inner : lsp::members(site_.document, cell)) {
      const Declared& declared = inner.declared;
      std::string path = prefix + declared.name;
      if (declared.word == "param" || declared.word == "setting") put(path, k_property, detail_of(declared), path + " = ");
      if (declared.word == "ion") put(path + ".E", k_property, "reversal potential, mV", path + ".E = ");
      if (declared.type.empty()) continue;
      for (const Found& parameter : lsp::members(site_.document, inner))
        if (parameter.declared.word == "param") {
          std::string whole = path + "." + parameter.declared.name;
          put(whole, k_property, detail_of(parameter.declared), whole + " = ");
        }
    }
  }

  void imports(const std::set<std::string>& given) {
    const Node& use = site_.block_node();
    const auto& tokens = site_.outline().tokens();
    if (use.first + 1 < use.open && tokens[use.first + 1].mark == Mark::String) {
      Imported import;
      std::string_view quoted = tokens[use.first + 1].text;
      import.file = quoted.size() > 1 ? std::string(quoted.substr(1, quoted.size() - 2)) : "";
      if (auto module = site_.document.module(import))
        for (const Declared& declared : module->outline->declared(module->outline->root()))
          if (!given.contains(declared.name) && declared.word != "simulate" && declared.word != "setting")
            put(Found{module->outline, declared, *module});
      return;
    }
    std::string folder(site_.outline().word(use, 3));
    const std::string word = folder == "synapses" ? "synapse" : folder == "neurons" ? "cell" : "channel";
    for (const StdFile& file : std_files()) {
      size_t slash = file.path.find('/');
      std::string name(file.path.substr(slash + 1, file.path.size() - slash - 5));
      if (file.path.substr(0, slash) == folder && !given.contains(name))
        put(name, k_class, "std." + folder, name,
            comment_above(
                std::string(file.text),
                static_cast<uint32_t>(file.text.find("\n" + word) + 1)));
    }
  }

  // ---- behind the first word
  void members() {
    if (site_.first() == "use") {
      std::string last;
      for (const StdFile& file : std_files()) {
        std::string folder(file.path.substr(0, file.path.find('/')));
        if (folder != last) put(folder, k_module, "part of the library", folder + " { ");
        last = folder;
      }
      return;
    }
    auto found = owner(site_);
    if (!found) return;
    bool record = site_.first() == "record" || site_.first() == "expect" || after_record_comma();
    std::string_view item = site_.first();
    bool target = item == "projection" || item == "gap" || item == "stimulus";  // views and synapses alone
    for (const Found& inner : lsp::members(site_.document, *found))
      if (inner.declared.word != "weight" && (!target || inner.declared.word == "view" || inner.declared.word == "synapse"))
        put(inner);
    if (found->declared.word == "ion") put("E", k_property, "reversal potential, mV");
    if (record && !found->declared.type.empty() && found->declared.word != "population") put("i", k_field, "outward current, nA");
    if (found->declared.word == "gate")
      for (const char* curve : {"inf", "tau", "alpha", "beta"}) put(curve, k_field, "curve of the gate");
  }

  void within_item() {
    std::string_view first = site_.first(), last = site_.back();
    bool in_cell = site_.block() == "cell";
    if (first == "use" && last == "use") return put("std", k_module, "the library", "std.");
    if ((first == "channel" || first == "synapse") && in_cell) {
      if (last == ":") return put(top_of_kind(site_.document, first));
      if (last == "on") return put(of_kind(names_in_scope(site_), {"ion"}));
    }
    if ((first == "population" || first == "cell") && last == ":") return put(top_of_kind(site_.document, "cell"));
    if ((first == "projection" || first == "gap") && (last == ":" || last == "->")) return put(populations(site_));
    if (first == "stimulus") {
      if (last == "stimulus" || last == ":") return put(Group::Stimulus, k_value);
      if (last == "->") return put(populations(site_));
    }
    if (first == "record") return record(last);
    if (first == "expect") return expect(last);
    if (first == "simulate" && last == "of") return put(top_of_kind(site_.document, "network"));
    if (first == "sweep" && last == "of") return put(top_of_kind(site_.document, "simulate"));
    if (first == "test" && last == "of")
      for (const char* kind : {"simulate", "cell", "channel"}) put(top_of_kind(site_.document, kind));
    if (first == "spike" && last == "spike") return put("when", k_keyword);
    if (first == "init" && last == "init") return starts();
    bool sets = !site_.assigned().empty();
    if (sets && first == "connect" && last == "=") return put(Group::Rule, k_value);
    if (sets && first == "precision" && last == "=") return put_all({"double", "single"});
    if (sets && first == "method" && last == "=") return methods();
    if (sets && (first == "weight" || first == "delay" || first == "init") && last == "=") put(Group::Draw, k_function);
    if (!expects_value(last)) return after_value(first);
    expression();
  }

  void after_value(std::string_view first) {
    if (!asked_) return;
    if (first == "spike") return put_all({"crosses", "and", "or"});
    if (first == "use") return;
    put_all({"then", "else", "and", "or", "in"});
  }

  static bool expects_value(std::string_view last) {
    static const std::set<std::string_view> words = {
        "=",    "+=",  "-=", "*=",  "/=",   "+",       "-",  "*",           "/",       "^",    "(",  "[",
        ",",    "<",   "<=", ">",   ">=",   "==",      "!=", "..",          "+-",      "~",    "if", "then",
        "else", "and", "or", "not", "when", "crosses", "in", "conductance", "current", "every"};
    return words.contains(last);
  }

  void record(std::string_view last) {
    if (last == "record") {
      put_all({"spikes", "nothing"});
      return variables();
    }
    if (last == "of") return put(populations(site_));
    put_all({"of", "every", "to"});
  }

  void expect(std::string_view last) {
    if (last == "expect") {
      for (const WordInfo& info : words())
        if (info.group == Group::Measure)
          put(std::string(info.word), k_function, std::string(info.text), std::string(info.word) + "(");
      return;
    }
    if (last == "within") return put(Group::Tolerance, k_value);
    if (last == "(") {
      put(populations(site_));
      return variables();
    }
    if (expects_value(last)) return expression();
    put_all({"in", "within"});
  }

  // What can be recorded, of every cell: `v`, states, gates, named values.
  void variables() {
    put("v", k_field, "membrane potential, mV");
    for (const Found& cell : top_of_kind(site_.document, "cell"))
      for (const Found& inner : lsp::members(site_.document, cell)) {
        if (inner.declared.word == "state" || inner.declared.word == "let") put(inner);
        if (inner.declared.word == "channel" || inner.declared.word == "synapse") put(inner);
      }
  }

  void starts() {
    put("v", k_field, "membrane potential, mV", "v = ");
    put("gates", k_field, "every gate of the cell", "gates = ");
    for (const Found& found : names_in_scope(site_))
      if (found.declared.word == "state" || found.declared.word == "channel" || found.declared.word == "synapse")
        if (found.outline == site_.document.outline && (!found.declared.type.empty() || found.declared.word == "state"))
          put(found);
  }

  void methods() {
#define EIC_METHOD(name, order, family) put(#name, k_value, "of order " #order);
#include "compiler/sema/methods.def"
#undef EIC_METHOD
  }

  void expression() {
    if (!asked_) return;
    put(of_kind(names_in_scope(site_), {"param", "let", "state", "gate", "fn", "weight"}));
    put(of_kind(names_in_scope(site_), {"ion", "channel", "synapse"}));
    put(Group::Constant, k_constant);
    for (const char* setting : {"area", "capacitance", "temperature", "dt"}) put(setting, k_constant);
    put(Group::Function, k_function);
    put_all({"if", "not"});
  }

  // Of channels and synapses only those that a cell uses: they have parts to name.
  static std::vector<Found> of_kind(std::vector<Found> all, std::initializer_list<std::string_view> kinds) {
    std::erase_if(all, [&](const Found& found) {
      bool mechanism = found.declared.word == "channel" || found.declared.word == "synapse";
      return std::find(kinds.begin(), kinds.end(), found.declared.word) == kinds.end() ||
             (mechanism && found.declared.type.empty());
    });
    return all;
  }
  void put_all(std::initializer_list<const char*> all) {
    for (const char* word : all) put(word, k_keyword);
  }

  Site site_;
  bool asked_;
  std::set<std::string> known_;
  json items_ = json::array();
};

}  // namespace

json completion(const Document& document, uint32_t offset, bool asked) { return Completion(document, offset, asked).list(); }

}  // namespace eic::lsp
