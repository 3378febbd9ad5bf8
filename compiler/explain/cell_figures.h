// What `explain` says of a cell in numbers: in: the cell, the run whose values hold, what is known of its dynamics. Out: a
// section of its document. Internal to explain/.
#pragma once
#include <string>
#include <vector>

#include "compiler/explain/document.h"
#include "compiler/figures/figures.h"
#include "compiler/plan/values.h"

namespace eic::explain {

// How the run steps its cells; exp_euler where there is no run.
struct StepMethod {
  std::string name;
  int order = 1;
};
StepMethod method_of(const sema::Simulation* run);
std::vector<const plan::Overrides*> layers(const sema::Simulation* run);

// Rounded to some digits, without an exponent where a few zeros do.
std::string rounded(double internal, const char* unit, int digits = 4);

struct CellFigures {
  Document& document;
  const sema::Model& model;
  const sema::Cell& cell;
  const sema::Simulation* run;
  plan::Values& values;
  figures::Dynamics& dynamics;
  double dt;
};
void add_figures(const CellFigures& of);

}  // namespace eic::explain
