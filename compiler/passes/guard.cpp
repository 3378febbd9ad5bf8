// The fast step's guard. A cell's membrane potential is taken to lie in bounds that it seldom leaves; intervals of all values
// then prove most arguments of exponentials in range and many branches dead. An argument of which that cannot be proven, since
// it depends on conductances, is tested itself where that costs less than what it saves.
#include <algorithm>
#include <cmath>
#include <optional>

#include "compiler/passes/intervals.h"
#include "compiler/passes/rewrite.h"
#include "compiler/units/unit.h"

namespace eic::passes {

namespace {

constexpr Interval k_usual_v = {-100, 60, false};  // mV: bounds that leave less than this are of no use
constexpr double k_farthest_v = 1e5;

bool is_voltage(const ir::Slot& slot) { return slot.dimension == units::parse_unit("mV")->dimension; }

bool exponential(Op op) { return op == Op::Exp || op == Op::Expm1 || op == Op::Exprel || op == Op::Exprelr; }

std::vector<uint32_t> potentials(const Function& function) {
  std::vector<uint32_t> columns;
  for (const ir::Store& store : function.stores) {
    auto read = [&](const Value& value) { return value.op == Op::Column && value.slot == store.slot; };
    bool state = store.guarded && is_voltage(function.columns[store.slot]);
    if (state && std::any_of(function.values.begin(), function.values.end(), read)) columns.push_back(store.slot);
  }
  return columns;
}

std::vector<Interval> uniforms_of(const Function& function, Precision precision, const std::vector<double>& numbers) {
  std::vector<Interval> all(function.uniforms.size());
  for (size_t slot = 0; slot < all.size() && slot < numbers.size(); slot++)
    if (!function.uniforms[slot].varies) all[slot] = rounded(numbers[slot], precision);
  return all;
}

// What is known of the values where v is in these bounds.
std::vector<Interval> where_v(const Interval& v, const Function& function, Precision precision,
                              const std::vector<uint32_t>& columns, const std::vector<Interval>& uniforms) {
  std::vector<Interval> all(function.columns.size());
  for (uint32_t column : columns) all[column] = v;
  return intervals(function, precision, all, uniforms);
}

// All columns where a cell usually is: gates in [0, 1], nothing else negative but v. Only for the choice of what to test.
std::vector<Interval> usually(const Function& function, Precision precision, const std::vector<uint32_t>& columns,
                              const std::vector<Interval>& uniforms) {
  std::vector<Interval> all(function.columns.size());
  for (size_t i = 0; i < all.size(); i++) all[i] = {0, function.columns[i].dimension.dimensionless() ? 1 : 1e30, false};
  for (uint32_t column : columns) all[column] = k_usual_v;
  return intervals(function, precision, all, uniforms);
}

class Prover {
 public:
  Prover(const Function& kernel, Precision precision, const std::vector<double>& numbers)
      : kernel_(kernel),
        function_(kernel),
        precision_(precision),
        columns_(potentials(kernel)),
        uniforms_(uniforms_of(kernel, precision, numbers)) {}

  Guarded run() {
    if (columns_.empty()) return {std::move(kernel_), {}};
    known_ = where_v(k_usual_v, function_, precision_, columns_, uniforms_);
    usual_ = usually(function_, precision_, columns_, uniforms_);
    extend_varying(function_, varying_);
    const size_t count = function_.values.size();
    for (ValueId id = 0; id < count; id++) {
      const Value& value = function_.values[id];
      if (value.op == Op::Select) decide(id);
      if (exponential(value.op)) claim(value);
    }
    if (!reduces_) return {std::move(kernel_), {}};
    test();
    return {std::move(function_), columns_};
  }

 private:
  // A branch that is never taken; the condition is a claim, so that the bounds keep it so.
  void decide(ValueId id) {
    const Value value = function_.values[id];
    const Interval& condition = known_[value.args[0]];
    if (!varying_[value.args[0]] || (!condition.always() && !condition.never())) return;
    function_.claims.push_back({value.args[0], condition.low, condition.high});
    function_.twins.push_back({id, condition.always() ? value.args[1] : value.args[2]});
  }

  void claim(const Value& value) {
    const ValueId x = value.args[0];
    auto claimed = [&](const ir::Claim& claim) { return claim.value == x; };
    if (std::any_of(function_.claims.begin(), function_.claims.end(), claimed)) return;
    const auto [low, high] = unclamped(precision_);
    const double least = not_zero(precision_);
    const Interval &known = known_[x], &usual = usual_[x];
    if (known.within(low, high)) {
      reduces_ = true;
      function_.claims.push_back({x, known.low >= least ? least : low, known.high <= -least ? -least : high});
    } else if (value.op == Op::Exprel && usual.high <= -least) {
      function_.claims.push_back({x, low, -least});
      tested_.push_back({x, low, -least});
    }
  }

  void test() {
    Builder build(function_, Builder::Folding::Off);
    ValueId all = k_no_value;
    auto also = [&](ValueId low, ValueId value, ValueId high) {
      for (ValueId inside : {build.make(Op::LessEqual, low, value), build.make(Op::LessEqual, value, high)})
        all = all == k_no_value ? inside : build.make(Op::And, all, inside);
    };
    for (uint32_t column : columns_) {
      const ir::Slot& slot = function_.columns[column];
      auto first = static_cast<uint32_t>(function_.uniforms.size());
      function_.uniforms.push_back({slot.name + ".low", slot.dimension});
      function_.uniforms.push_back({slot.name + ".high", slot.dimension});
      also(build.uniform(first), build.column(column), build.uniform(first + 1));
    }
    for (const ir::Claim& claim : tested_) also(build.constant(claim.low), claim.value, build.constant(claim.high));
    function_.guard = all;
  }

  Function kernel_, function_;  // as it came; as it becomes
  Precision precision_;
  std::vector<uint32_t> columns_;
  std::vector<Interval> uniforms_, known_, usual_;
  std::vector<bool> varying_;
  bool reduces_ = false;           // an exponential costs less inside the bounds
  std::vector<ir::Claim> tested_;  // by the guard itself
};

// Which claims follow from the bounds of v: those of values that the guard compares do not have to.
std::vector<bool> tested(const Function& function) {
  std::vector<bool> found(function.values.size(), false);
  std::vector<ValueId> open = {*function.guard};
  while (!open.empty()) {
    const Value& value = function.values[open.back()];
    open.pop_back();
    for (int i = 0; i < 2; i++) (value.op == Op::And ? open.push_back(value.args[i]) : void(found[value.args[i]] = true));
  }
  return found;
}

}  // namespace

Guarded guard(const Function& kernel, Precision precision, const std::vector<double>& uniforms) {
  return Prover(kernel, precision, uniforms).run();
}

std::vector<double> bounds(const Guarded& guarded, Precision precision, const std::vector<double>& uniforms) {
  const Function& function = guarded.function;
  const std::vector<bool> is_tested = tested(function);
  const std::vector<Interval> numbers = uniforms_of(function, precision, uniforms);
  auto holds = [&](double low, double high) {
    const auto known = where_v({low, high, false}, function, precision, guarded.columns, numbers);
    return std::all_of(function.claims.begin(), function.claims.end(), [&](const ir::Claim& claim) {
      return is_tested[claim.value] || known[claim.value].within(claim.low, claim.high);
    });
  };
  double low = 1, high = -1;  // no v is inside
  if (holds(k_usual_v.low, k_usual_v.high)) {
    // The farthest whole number from `near` on that will do: a wider interval never proves more.
    auto farthest = [](double near, double far, auto&& good) {
      if (good(far)) return far;
      while (std::fabs(far - near) > 1) {
        double middle = std::trunc((near + far) / 2);
        (good(middle) ? near : far) = middle;
      }
      return near;
    };
    high = farthest(k_usual_v.high, k_farthest_v, [&](double x) { return holds(k_usual_v.low, x); });
    low = farthest(k_usual_v.low, -k_farthest_v, [&](double x) { return holds(x, high); });
  }
  std::vector<double> all;
  for (size_t i = 0; i < guarded.columns.size(); i++) all.insert(all.end(), {low, high});
  return all;
}

}  // namespace eic::passes
