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
  bool clamp = false;                            // a voltage clamp may hold them; then input, too
  bool gap = false;                              // gap junctions join them
  std::vector<std::string> observed;             // derived variables to record: "INa.i", "INa.w"; where the method
                                                 // staggers(), states as well
  std::vector<const sema::Expr*> starts;         // one a state; null: drawn or constant, read from its column
  std::vector<uint32_t> drawn;                   // parameters that are drawn or read for each cell
  std::vector<uint32_t> following;               // those whose value is an expression of such
};

struct Column {
  std::string name;
  plan::ColumnRole role = plan::ColumnRole::State;
  ir::Dimension dimension;
  std::string unit;                              // as printed; empty: dimensionless
  std::optional<uint32_t> state;                 // of the cell
  std::optional<uint32_t> param;                 // of the model: a value for each cell
  source::Span span;                             // of its equation
  double start = 0;                              // of what is no state and no result
};

struct Formulation {
  std::vector<Column> columns;                   // states in the cell's order, then refractory, parameters, what the engine
                                                 // writes, derived
  std::optional<uint32_t> input, clamp, gap;     // the first of those that plan::Population names
  ir::Function step;
  std::optional<ir::Function> init, prime, observe;
  std::vector<ir::Function> events;              // one a port; the last uniform is the weight
  std::vector<std::optional<uint32_t>> adds;     // one a port: the column to which the weight is added, and nothing else
  std::vector<uint32_t> decaying;                // columns that decay linearly
  ir::Function decay_rates;                      // of uniforms alone: J of each column in `alike`, which must not be > 0
  std::vector<uint32_t> alike;                   // those of `decaying` whose J is the same in all cells
  std::vector<uint32_t> frozen;                  // columns that are not linear in themselves
};

// Whether it keeps states at other times than those of the grid, so that recordings have to be computed, and interpolates spikes.
bool staggers(const std::string& method);

std::optional<Formulation> formulate(const Request& request, diagnostics::Emitter& emitter);

}  // namespace eic::solvers
