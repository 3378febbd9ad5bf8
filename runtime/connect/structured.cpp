// one_to_one and all_to_all: the rules that draw nothing.
#include <fmt/format.h>

#include <numeric>

#include "runtime/connect/rows.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

class Same : public RowDrawer {
 public:
  std::span<const uint32_t> row(uint64_t source) override {
    target_ = static_cast<uint32_t>(source);
    return {&target_, 1};
  }

 private:
  uint32_t target_ = 0;
};

class Every : public RowDrawer {
 public:
  explicit Every(uint64_t targets) : targets_(targets) { std::iota(targets_.begin(), targets_.end(), 0u); }
  std::span<const uint32_t> row(uint64_t) override { return targets_; }

 private:
  std::vector<uint32_t> targets_;
};

}  // namespace

template <>
double expected_synapses<Kind::OneToOne>(const Request& request) {
  return static_cast<double>(request.sources());
}

template <>
Result<Drawn, RunError> draw_rows<Kind::OneToOne>(const Request& request) {
  if (request.sources() != request.targets()) {
    return Failure{request.fault(fmt::format("projection `{}` joins {} sources one to one with {} targets",
                                             request.projection.name, request.sources(), request.targets()),
                                 "the two sides must have the same size")};
  }
  return draw_by_rows(request, expected_synapses<Kind::OneToOne>(request), [] { return std::make_unique<Same>(); });
}

template <>
double expected_synapses<Kind::AllToAll>(const Request& request) {
  return static_cast<double>(request.sources()) * static_cast<double>(request.targets());
}

template <>
Result<Drawn, RunError> draw_rows<Kind::AllToAll>(const Request& request) {
  return draw_by_rows(request, expected_synapses<Kind::AllToAll>(request), [&] { return std::make_unique<Every>(request.targets()); });
}

}  // namespace eic::connect
