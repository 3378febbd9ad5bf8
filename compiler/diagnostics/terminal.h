// In: a stretch of a source line. Out: what a terminal can show of it, and how many columns that takes. Called by render.cpp.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace eic::diagnostics {

// A tab becomes one blank; what shows nothing or turns the line around (control and format characters) and bytes of no
// character become a dot each. So a caret stands where it should.
std::string printable(std::string_view text);

// Of a printable text: two for a wide character, none for a combining one.
size_t columns(std::string_view text);

}  // namespace eic::diagnostics
