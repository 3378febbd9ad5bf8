// In: a model's file and what is to stand in it. Out: the file with it, or why not. Called by `fmt`, `check --fix` and `test --bless`.
#pragma once
#include <optional>
#include <string>

#include "runtime/contract/error.h"

namespace eic::cli {

// Whole or not at all; owner and mode stay, and a link still points where it did. A file whose mode forbids writing is
// refused, though the owner of its folder could replace it.
std::optional<RunError> rewrite(const std::string& file, const std::string& text);

}  // namespace eic::cli
