// A stretch of bytes of one source file; what every token, declaration and diagnostic points with.
#pragma once
#include <cstdint>

namespace eic::source {

struct Span {
  uint32_t file = 0;   // index into SourceSet
  uint32_t begin = 0;  // byte offsets, half-open
  uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

inline Span join(Span a, Span b) { return {a.file, a.begin, b.end > a.end ? b.end : a.end}; }

}  // namespace eic::source
