#include "compiler/diagnostics/terminal.h"

#include <utf8proc.h>

#include <algorithm>

namespace eic::diagnostics {

namespace {

struct CodePoint {
  utf8proc_int32_t value = -1;
  size_t length = 0;  // 0: no character begins here
};

CodePoint code_point(std::string_view text, size_t at) {
  CodePoint found;
  auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
  utf8proc_ssize_t length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &found.value);
  found.length = length > 0 ? static_cast<size_t>(length) : 0;
  return found;
}

bool visible(utf8proc_int32_t value) {
  switch (utf8proc_category(value)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    CodePoint found = code_point(text, at);
    if (text[at] == '\t') out += ' ';
    else if (found.length == 0 || !visible(found.value)) out += '.';
    else out += text.substr(at, found.length);
    at += std::max<size_t>(1, found.length);
  }
  return out;
}

size_t columns(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size();) {
    CodePoint found = code_point(text, at);
    count += found.length == 0 ? 1 : static_cast<size_t>(std::max(0, utf8proc_charwidth(found.value)));
    at += std::max<size_t>(1, found.length);
  }
  return count;
}

}  // namespace eic::diagnostics
