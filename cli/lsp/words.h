// The language's own words and what they mean (words.def). Read by hover and completion.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace eic::lsp {

enum class Group : uint8_t { Item, Clause, Setting, Constant, Function, Draw, Rule, Stimulus, Measure, Tolerance };

struct WordInfo {
  std::string_view word;
  Group group;
  std::string_view where, unit, section, text;
  bool stands_in(std::string_view block) const;
};

std::span<const WordInfo> words();
const WordInfo* find_word(std::string_view word, Group group);
const WordInfo* find_setting(std::string_view word, std::string_view block);  // where that block has it
std::string section_of(const WordInfo& info);                                 // "docs/language.md, Mechanisms"

}  // namespace eic::lsp
