// One use of a mechanism in a cell while it is being merged in. Internal to sema.
#pragma once
#include "compiler/sema/checker.h"

namespace eic::sema {

struct Checker::Instance {
  Cell& cell;
  const ast::Mechanism& mechanism;
  const ast::Instance* written = nullptr;  // null: the definition is checked on its own
  std::string name;                        // "INa"
  Scope* scope = nullptr;                  // its own names
  Scope* site = nullptr;                   // where its braces are written
  Symbol* ion = nullptr;                   // of its current
  ExprPtr conductance;                     // as written, for the gates' degrees
  Place place() const {
    Place place;
    place.scope = scope;
    place.cell = &cell;
    return place;
  }
};

}  // namespace eic::sema
