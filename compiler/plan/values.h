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
  // Later layers overrule earlier ones; the value that a layer gives is computed with the layers before it.
  Values(const sema::Model& model, std::vector<const Overrides*> layers) : model_(model), layers_(std::move(layers)) {}

  double param(uint32_t index);
  double number(const sema::Expr& expr);  // of an expression that is_constant
  // The exact SI value where the expression is a literal (or a parameter that is one); else the double to 12 digits.
  units::Decimal time(const sema::Expr& expr);
  // What stands for a parameter after all overrides.
  const sema::Expr& source(uint32_t index) const { return *found(index, layers_.size()).value; }
  // The results of a function of uniforms alone; `extra` gives those that are not parameters ("dt").
  std::vector<double> results(const ir::Function& function, const std::map<std::string, double>& extra);

 private:
  struct Found {
    const sema::Expr* value;
    size_t layers;  // that it may read
  };
  Found found(uint32_t index, size_t layers) const;
  double param_at(uint32_t index, size_t layers);
  double number_at(const sema::Expr& expr, size_t layers);
  units::Decimal time_at(const sema::Expr& expr, size_t layers);
  std::vector<double> results_at(const ir::Function& function, const std::map<std::string, double>& extra, size_t layers);

  const sema::Model& model_;
  std::vector<const Overrides*> layers_;
  std::map<std::pair<uint32_t, size_t>, double> known_;
  std::map<std::string, uint32_t> by_path_;
};

}  // namespace eic::plan
