// Rules that draw source by source, each row from a stream of its own: several threads draw chunks of rows and put them where
// they belong as soon as the chunks before are counted. In: what draws one row. Out: all of them.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "runtime/connect/rule.h"

namespace eic::connect {

// One a thread.
class RowDrawer {
 public:
  virtual ~RowDrawer() = default;
  // Targets of the source, ascending, counted within the projection; they stay until the next call.
  virtual std::span<const uint32_t> row(uint64_t source) = 0;
  // Set by a row that cannot be drawn.
  std::optional<RunError> error;
};

// `expected`: the synapses that the request's budget was asked for; what goes beyond is asked for as it comes.
Result<Drawn, RunError> draw_by_rows(const Request& request, double expected, const std::function<std::unique_ptr<RowDrawer>()>& make);

}  // namespace eic::connect
