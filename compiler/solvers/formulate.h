// In: a cell of the Model, a method, and what its run asks for. Out: the functions of its kernel as IR, and the columns
// they count in. Detection, reset and refractoriness are the same for every method. Called by plan/.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/sema/model.h"
#include "runtime/contract/plan.h"

namespace eic::solvers {

struct Request {
  const sema::Cell* cell = nullptr;
  const std::vector<sema::Param>* params = nullptr;
  std::string method = "exp_euler";
  std::string name;                              // of the functions: "N"
  bool input = false;                            // stimuli act on these cells
  std::vector<std::string> observed;             // derived variables to record: "INa.i", "INa.w"
  std::vector<const sema::Expr*> starts;         // one a state; null: drawn or constant, read from its column
};

struct Column {
  std::string name;
  plan::ColumnRole role = plan::ColumnRole::State;
  ir::Dimension dimension;
  std::string unit;                              // as printed; empty: dimensionless
  std::optional<uint32_t> state;                 // of the cell
  source::Span span;                             // of its equation
};

struct Formulation {
  std::vector<Column> columns;                   // states in the cell's order, then refractory, input, derived
  std::optional<uint32_t> input;
  ir::Function step;
  std::optional<ir::Function> init, prime, observe;
  std::vector<ir::Function> events;              // one a port; the last uniform is the weight
  std::vector<std::optional<uint32_t>> adds;     // one a port: the column to which the weight is added, and nothing else
  ir::Function decay_rates;                      // of uniforms alone: J of each column in `decaying`, which must not be > 0
  std::vector<uint32_t> decaying;
  std::vector<uint32_t> frozen;                  // columns that are not linear in themselves
};

std::optional<Formulation> formulate(const Request& request, diagnostics::Emitter& emitter);

}  // namespace eic::solvers
