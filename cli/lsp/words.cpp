#include "cli/lsp/words.h"

namespace eic::lsp {

namespace {

constexpr WordInfo k_all[] = {
#define EIC_WORD(word, group, where, unit, section, text) {word, Group::group, where, unit, section, text},
#include "cli/lsp/words.def"
#undef EIC_WORD
};

}  // namespace

bool WordInfo::stands_in(std::string_view block) const {
  for (size_t at = where.find(block); at != where.npos; at = where.find(block, at + 1)) {
    size_t end = at + block.size();
    if ((at == 0 || where[at - 1] == ' ') && (end == where.size() || where[end] == ' ')) return true;
  }
  return false;
}

std::span<const WordInfo> words() { return k_all; }

const WordInfo* find_word(std::string_view word, Group group) {
  for (const WordInfo& info : k_all)
    if (info.word == word && info.group == group) return &info;
  return nullptr;
}

const WordInfo* find_setting(std::string_view word, std::string_view block) {
  for (const WordInfo& info : k_all)
    if (info.word == word && info.group == Group::Setting && info.stands_in(block)) return &info;
  return nullptr;
}

std::string section_of(const WordInfo& info) { return "docs/language.md, " + std::string(info.section); }

}  // namespace eic::lsp
