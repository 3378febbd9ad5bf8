// The limits of promises.md ("Bad input"); each is tested at −1, 0, +1 and named with its number when refused.
#pragma once
#include <cstddef>

namespace eic::source {

constexpr size_t k_max_file_bytes = 8u << 20;
constexpr size_t k_max_nesting = 256;
constexpr size_t k_max_expression_tokens = 4096;
constexpr size_t k_max_imports = 256;
constexpr size_t k_max_import_depth = 32;
constexpr size_t k_max_identifier_bytes = 255;

}  // namespace eic::source
