// Numbers of the Model: parameters and expressions of them, evaluated once, in double, by the IR's interpreter, so that
// a value from `--set` gives the bits that the same text in the file gives. Times are exact decimals. Used by plan/.
#pragma once
#include <map>
#include <optional>

#include "compiler/ir/ir.h"
#include "compiler/sema/model.h"

namespace eic::plan {

using Overrides = std::map<uint32_t, sema::ExprPtr>;

class Values {
 public:
  // Later layers overrule earlier ones.
  Values(const sema::Model& model, std::vector<const Overrides*> layers) : model_(model), layers_(std::move(layers)) {}

  double param(uint32_t index);
  double number(const sema::Expr& expr);             // of an expression that is_constant
  bool truth(const sema::Expr& expr);
  // The exact SI value where the expression is a literal (or a parameter that is one); else the double to 12 digits.
  units::Decimal time(const sema::Expr& expr);
  // What stands for a parameter after all overrides.
  const sema::Expr& source(uint32_t index) const;
  // The results of a function of uniforms alone; `extra` gives those that are not parameters ("dt").
  std::vector<double> results(const ir::Function& function, const std::map<std::string, double>& extra);

 private:
  const sema::Model& model_;
  std::vector<const Overrides*> layers_;
  std::map<uint32_t, double> known_;
  std::map<std::string, uint32_t> by_path_;
};

}  // namespace eic::plan
