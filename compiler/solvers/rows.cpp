#include "compiler/solvers/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/contract/check.h"

namespace eic::solvers {

using ir::Builder;
using ir::Function;
using ir::Index;
using ir::Op;
using ir::Value;
using ir::ValueId;

namespace {

enum Level : uint8_t { k_everywhere, k_row, k_synapse };

std::vector<Level> levels(const Function& function) {
  std::vector<Level> level(function.values.size(), k_everywhere);
  for (ValueId id = 0; id < level.size(); id++) {
    const Value& value = function.values[id];
    if (value.op == Op::Column) level[id] = function.columns[value.slot].index == Index::Row ? k_row : k_synapse;
    for (int i = 0; i < ir::info(value.op).arity; i++) level[id] = std::max(level[id], level[value.args[i]]);
  }
  return level;
}

class Splitter {
 public:
  Splitter(const Function& whole, uint32_t next_column)
      : whole_(whole),
        next_column_(next_column),
        level_(levels(whole)),
        cells_(frame()),
        synapses_(frame()),
        build_cells_(cells_),
        build_synapses_(synapses_),
        in_cells_(whole.values.size(), ir::k_no_value),
        in_synapses_(whole.values.size(), ir::k_no_value) {}

  RowSplit run() {
    for (const ir::Store& store : whole_.stores)
      if (whole_.columns[store.slot].index == Index::Row)
        cells_.stores.push_back({store.slot, cell_value(store.value), store.span, store.guarded});
    for (const ir::Store& store : whole_.stores)
      if (whole_.columns[store.slot].index != Index::Row)
        synapses_.stores.push_back({store.slot, synapse_value(store.value), store.span, store.guarded});
    return {std::move(cells_), std::move(synapses_), std::move(shared_)};
  }

 private:
  Function frame() const {
    Function function;
    function.name = whole_.name;
    function.columns = whole_.columns;
    function.columns.resize(std::max<size_t>(next_column_, whole_.columns.size()));
    function.uniforms = whole_.uniforms;
    return function;
  }

  static ValueId copied(Builder& builder, const Value& value, const std::array<ValueId, 3>& args) {
    builder.at(value.span);
    return ir::copy(builder, value, args);
  }

  ValueId cell_value(ValueId id) {
    EIC_CHECK(level_[id] != k_synapse, "a cell's value that reads a synapse");
    if (in_cells_[id] != ir::k_no_value) return in_cells_[id];
    const Value& value = whole_.values[id];
    std::array<ValueId, 3> args = {ir::k_no_value, ir::k_no_value, ir::k_no_value};
    for (int i = 0; i < ir::info(value.op).arity; i++) args[i] = cell_value(value.args[i]);
    return in_cells_[id] = copied(build_cells_, value, args);
  }

  bool stored_by_cells(uint32_t column) const {
    return std::any_of(cells_.stores.begin(), cells_.stores.end(), [&](const ir::Store& s) { return s.slot == column; });
  }

  ValueId synapse_value(ValueId id) {
    if (in_synapses_[id] != ir::k_no_value) return in_synapses_[id];
    const Value& value = whole_.values[id];
    bool plain = value.op == Op::Column && !whole_.columns[value.slot].steps && !stored_by_cells(value.slot);
    if (level_[id] == k_row && !plain) return in_synapses_[id] = shared(id);
    std::array<ValueId, 3> args = {ir::k_no_value, ir::k_no_value, ir::k_no_value};
    for (int i = 0; i < ir::info(value.op).arity; i++) args[i] = synapse_value(value.args[i]);
    return in_synapses_[id] = copied(build_synapses_, value, args);
  }

  // The cells leave the value in a column of their own; a condition travels as 1 or 0.
  ValueId shared(ValueId id) {
    bool flag = ir::info(whole_.values[id].op).type == ir::Type::Bool;
    ValueId value = cell_value(id);
    if (flag) value = build_cells_.make(Op::Select, value, build_cells_.constant(1), build_cells_.constant(0));
    ir::Slot slot{fmt::format("({} {})", whole_.name.substr(whole_.name.rfind('.') + 1), shared_.size()),
                  cells_.values[value].dimension, false, Index::Row, false};
    auto column = static_cast<uint32_t>(cells_.columns.size());
    shared_.push_back(slot);
    cells_.columns.push_back(slot);
    synapses_.columns.push_back(slot);
    cells_.stores.push_back({column, value, whole_.values[id].span, false});
    ValueId read = build_synapses_.column(column);
    return flag ? build_synapses_.make(Op::NotEqual, read, build_synapses_.constant(0)) : read;
  }

  const Function& whole_;
  uint32_t next_column_;
  std::vector<Level> level_;
  Function cells_, synapses_;
  Builder build_cells_, build_synapses_;
  std::vector<ValueId> in_cells_, in_synapses_;
  std::vector<ir::Slot> shared_;
};

// Products and quotients of zeros, through any sign.
bool is_zero(const Function& function, ValueId id) {
  const Value& value = function.values[id];
  switch (value.op) {
    case Op::Const: return value.number == 0;
    case Op::Mul: return is_zero(function, value.args[0]) || is_zero(function, value.args[1]);
    case Op::Div:
    case Op::Neg: return is_zero(function, value.args[0]);
    case Op::Add:
    case Op::Sub: return is_zero(function, value.args[0]) && is_zero(function, value.args[1]);
    default: return false;
  }
}

}  // namespace

RowSplit split_rows(const Function& whole, uint32_t next_column) { return Splitter(whole, next_column).run(); }

bool same_in_row(const Function& function, ValueId id) { return levels(function)[id] != k_synapse; }

bool vanishes_at_zero(Builder& builder, ValueId f, uint32_t column) {
  ValueId rest = ir::substitute(builder, f, column, builder.constant(0, builder.function().columns[column].dimension));
  return is_zero(builder.function(), rest);
}

}  // namespace eic::solvers
