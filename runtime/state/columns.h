// The state of one population: one array of R a column, in the plan's order, padded with copies of the last cell.
// In: the plan's population, the precision and the seed. Out: pointers for the kernels. Called by the engine.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/contract/error.h"
#include "runtime/contract/plan.h"
#include "runtime/state/array.h"

namespace eic::state {

class Columns {
 public:
  static double bytes_needed(const plan::Population& population, bool single);

  Columns() = default;
  Columns(uint64_t cells, uint64_t columns, bool single, bool clear = true);
  void clear(uint64_t begin, uint64_t end);  // zero; the first to touch memory decides where in the machine it is

  uint64_t cells() const { return cells_; }
  uint64_t padded() const { return padded_; }
  bool single() const { return single_; }
  void* const* pointers() const { return pointers_.data(); }
  void* pointer(uint64_t column) const { return pointers_[column]; }

  double value(uint64_t column, uint64_t cell) const {
    return single_ ? static_cast<double>(static_cast<const float*>(pointers_[column])[cell])
                   : static_cast<const double*>(pointers_[column])[cell];
  }
  void set(uint64_t column, uint64_t cell, double value) {
    if (single_) {
      static_cast<float*>(pointers_[column])[cell] = static_cast<float>(value);
    } else {
      static_cast<double*>(pointers_[column])[cell] = value;
    }
  }

  void pad(uint64_t column);  // the last cell's value into the padding
  void pad_all();

 private:
  uint64_t cells_ = 0, padded_ = 0;
  bool single_ = false;
  Array storage_;
  std::vector<void*> pointers_;
};

// From this draw; its key is that of the column's name.
std::optional<RunError> fill_column(const plan::Population& population, const plan::Draw& draw, uint64_t seed, uint64_t column,
                                    Columns& columns);
// Fills every column that starts from a constant, a distribution or a file; the others are zero.
std::optional<RunError> fill_starting_values(const plan::Population& population, uint64_t seed, Columns& columns);

}  // namespace eic::state
