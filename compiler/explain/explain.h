// In: a checked Model and one of its objects. Out: what it is, as a Document: of a cell its equations as they will be
// integrated and the figures that follow from them; of a channel or synapse its declaration, equations and curves; of a network
// its sizes, degrees, bytes and steps. Nothing is built. Called by `eic explain`.
#pragma once
#include "compiler/explain/declared.h"
#include "compiler/plan/plan.h"
#include "compiler/sema/model.h"

namespace eic::explain {

// `run`: the simulation whose dt and parameters hold; null: dt 0.025 ms and the parameters as they stand.
void add_cell(Document& document, const sema::Model& model, const sema::Cell& cell, const sema::Simulation* run);

// `cell`: made from around.text.
void add_mechanism(Document& document, const sema::Model& model, const sema::Cell& cell, const Declared& declared,
                   const Around& around);

// What only the runtime knows of a run before it is built: bytes a population, synapses (expected) and bytes a projection.
struct Sizes {
  std::vector<double> population_bytes, synapses, projection_bytes;
  std::string (*bytes_text)(double) = nullptr;  // "1.5 MB"
};
void add_network(Document& document, const sema::Network& network, const plan::Run& run, const Sizes& sizes);

}  // namespace eic::explain
