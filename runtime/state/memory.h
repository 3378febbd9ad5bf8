// What a run needs against what there is, asked before anything is allocated. Sums are doubles: they cannot overflow, and
// no size that fits a machine loses a byte. Called by the engine and by rules that learn their size from a file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/contract/error.h"

namespace eic::state {

// What may still be taken of each; infinity: no limit.
struct FreeMemory {
  double machine, group, address_space;
};
FreeMemory free_memory();
double available_bytes();  // the least of them: what this process may still take

std::string bytes_text(double bytes);  // "12.4 GB"

class Budget {
 public:
  explicit Budget(double limit) : limit_(limit) {}

  // Adds to what the run needs; refused when that is more than there is. `what` names the greatest part so far.
  std::optional<RunError> need(double bytes, const std::string& what, Origin origin = {});
  double needed() const { return needed_; }

 private:
  double limit_, needed_ = 0, greatest_ = 0;
  std::string greatest_name_;
  Origin greatest_origin_;
};

}  // namespace eic::state
