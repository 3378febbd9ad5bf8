// The columns of a cell's kernel, in their order, and what of them is derived.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/sema/clamp.h"
#include "compiler/solvers/formulator.h"
#include "runtime/contract/check.h"

namespace eic::solvers {

void Formulator::make_columns() {
  for (uint32_t i = 0; i < cell_.states.size(); i++) {
    const sema::State& state = cell_.states[i];
    out_.columns.push_back({state.path, plan::ColumnRole::State, state.dimension, state.unit.text == "1" ? "" : state.unit.text,
                            i, std::nullopt, state.rate_span});
  }
  if (cell_.spike && cell_.spike->refractory) {
    refractory_ = static_cast<uint32_t>(out_.columns.size());
    out_.columns.push_back({"(refractory)", plan::ColumnRole::State, {}, "", std::nullopt, std::nullopt, cell_.spike->span});
  }
  if (cell_.spike && events_move_membrane()) {
    constexpr double k_above_all = 1e30;  // no event can have lifted it before the first step
    before_events_ = static_cast<uint32_t>(out_.columns.size());
    out_.columns.push_back({"(v before events)", plan::ColumnRole::State, cell_.states[0].dimension, "", std::nullopt, std::nullopt,
                            cell_.spike->span});
    out_.columns.back().start = k_above_all;
  }
  for (const std::vector<uint32_t>* params : {&request_.drawn, &request_.following})
    for (uint32_t index : *params) {
      const sema::Param& param = (*request_.params)[index];
      per_cell_[index] = static_cast<uint32_t>(out_.columns.size());
      auto usual = units::parse_unit(sema::unit_of(*param.value));  // in which its value is written
      std::string unit = usual && usual->dimension == param.dimension ? usual->text : param.unit.text;
      out_.columns.push_back({param.path.substr(param.path.find('.') + 1), plan::ColumnRole::Parameter, param.dimension,
                              unit == "1" ? "" : unit, std::nullopt, index, param.span});
    }
  for (uint32_t i = 0; i < cell_.states.size(); i++) {
    const sema::State& state = cell_.states[i];
    if (!state.rate || !sema::contains(*state.rate, sema::ExprOp::Noise)) continue;
    noise_[i] = static_cast<uint32_t>(out_.columns.size());
    out_.columns.push_back({fmt::format("(noise of {})", state.path), plan::ColumnRole::Noise,
                            units::parse_unit("ms")->dimension.power(-1, 2), "", std::nullopt, std::nullopt, state.rate_span});
  }
  auto written_by_engine = [&](const char* name, const char* unit) {
    out_.columns.push_back({name, plan::ColumnRole::Input, units::parse_unit(unit)->dimension, *unit == '1' ? "" : unit,
                            std::nullopt, std::nullopt, cell_.span});
    return static_cast<uint32_t>(out_.columns.size() - 1);
  };
  if (request_.input) out_.input = written_by_engine("(input)", "nA");
  if (request_.clamp) {
    out_.clamp = written_by_engine("(clamped)", "1");
    written_by_engine("(command)", "mV");
    written_by_engine("(command slope)", "mV/ms");
  }
  if (request_.gap) {
    out_.gap = written_by_engine("(gap conductance)", "uS");
    written_by_engine("(gap current)", "nA");
  }
}

// What is recorded and is no column of its own, or not one of the grid's time.
void Formulator::make_observed_columns() {
  for (const std::string& name : request_.observed) {
    auto named = [&](const sema::State& state) { return state.path == name; };
    if (auto state = std::find_if(cell_.states.begin(), cell_.states.end(), named); state != cell_.states.end()) {
      auto index = static_cast<uint32_t>(state - cell_.states.begin());
      if (!half_way_.count(index) && !is_decaying(index)) continue;
      Column column = out_.columns[index];
      column.role = plan::ColumnRole::Derived;
      column.state.reset();
      out_.columns.push_back(column);
      continue;
    }
    if (is_clamp_current(name)) {
      ir::Dimension current = units::parse_unit("nA")->dimension;
      out_.columns.push_back({name, plan::ColumnRole::Derived, current, "nA", std::nullopt, std::nullopt, cell_.span});
      continue;
    }
    const sema::Expr& value = derived(name);
    std::string unit = sema::unit_of(value);
    out_.columns.push_back(
        {name, plan::ColumnRole::Derived, value.dimension, unit == "1" ? "" : unit, std::nullopt, std::nullopt, value.span});
  }
}

bool Formulator::events_move_membrane() const {
  return std::any_of(cell_.ports.begin(), cell_.ports.end(), [](const sema::Port& port) {
    return std::any_of(port.body.begin(), port.body.end(), [](const sema::Assignment& a) { return a.state == 0; });
  });
}

// A cell's own variable of that name goes first: sema lists it first.
bool Formulator::is_clamp_current(const std::string& name) const {
  return request_.clamp && name == sema::k_clamp_current && !cell_.lets.count(name) &&
         std::none_of(cell_.currents.begin(), cell_.currents.end(),
                      [&](const sema::Current& current) { return current.path + ".i" == name; });
}

const sema::Expr& Formulator::derived(const std::string& name) const {
  for (const sema::Current& current : cell_.currents)
    if (current.path + ".i" == name) return *current.outward;
  auto found = cell_.lets.find(name);
  EIC_CHECK(found != cell_.lets.end(), "a derived variable that sema let pass");
  return *found->second;
}

}  // namespace eic::solvers
