// One use of a mechanism in a cell while it is being merged in. Internal to sema.
#pragma once
#include "compiler/sema/checker.h"

namespace eic::sema {

struct Checker::Instance {
  Cell& cell;
  const ast::Mechanism& mechanism;
  std::string name;                           // "INa"
  Scope* scope = nullptr;                     // its own names
  Scope* site = nullptr;                      // where its braces are written
  bool used = false;                          // false: the definition is checked on its own
  Span named{};                               // the name in the cell
  std::vector<ast::Ident> ions{};             // of the cell, behind `on`
  std::vector<Bound> braces{};                // what gives parameters their values
  Symbol* ion = nullptr;                      // of its current
  DeclaredStates states{};                    // of a pool, whose equations come later
  ExprPtr conductance;                        // as written, for the gates' degrees
  Place place() const {
    Place place;
    place.scope = scope;
    place.cell = &cell;
    return place;
  }
};

}  // namespace eic::sema
