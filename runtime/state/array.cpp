#include "runtime/state/array.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

#include "runtime/contract/kernel.h"

namespace eic::state {

namespace {

constexpr uint64_t k_huge_page = uint64_t{1} << 21;

uint64_t rounded_up(uint64_t bytes, uint64_t unit) {
  if (bytes > UINT64_MAX - unit) throw std::bad_alloc();
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

Array::Array(uint64_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  const bool large = bytes >= 2 * k_huge_page;
  const uint64_t alignment = large ? k_huge_page : k_alignment;
  const uint64_t whole = rounded_up(bytes, alignment);
  held_.reset(std::aligned_alloc(alignment, whole));
  if (!held_) throw std::bad_alloc();
  if (large) madvise(held_.get(), whole, MADV_HUGEPAGE);
}

void Array::grow(uint64_t bytes) {
  Array larger(bytes);
  if (bytes_ > 0) std::memcpy(larger.held_.get(), held_.get(), bytes_);
  *this = std::move(larger);
}

}  // namespace eic::state
