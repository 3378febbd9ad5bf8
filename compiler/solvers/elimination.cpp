#include "compiler/solvers/elimination.h"

#include "runtime/contract/check.h"

namespace eic::solvers {

using ir::k_no_value;
using ir::Op;
using ir::ValueId;

namespace {

// The variable whose elimination fills in the fewest coefficients at most (Markowitz 1957), the earliest of equals.
size_t cheapest(const Matrix& matrix, const std::vector<bool>& done) {
  size_t best = matrix.size(), fewest = SIZE_MAX;
  for (size_t k = 0; k < matrix.size(); k++) {
    if (done[k]) continue;
    size_t row = 0, column = 0;
    for (size_t i = 0; i < matrix.size(); i++) {
      if (done[i] || i == k) continue;
      row += matrix[k][i] != k_no_value;
      column += matrix[i][k] != k_no_value;
    }
    if (row * column >= fewest) continue;
    fewest = row * column;
    best = k;
  }
  return best;
}

}  // namespace

std::vector<ValueId> eliminate(ir::Builder& builder, Matrix matrix, std::vector<ValueId> right) {
  size_t n = matrix.size();
  std::vector<bool> done(n, false);
  std::vector<size_t> order;
  auto minus = [&](ValueId from, ValueId factor, ValueId by) {
    ValueId product = builder.make(Op::Mul, factor, by);
    return from == k_no_value ? builder.make(Op::Neg, product) : builder.make(Op::Sub, from, product);
  };
  for (size_t round = 0; round < n; round++) {
    size_t k = cheapest(matrix, done);
    EIC_CHECK(matrix[k][k] != k_no_value, "a diagonal without a coefficient");
    done[k] = true;
    order.push_back(k);
    for (size_t i = 0; i < n; i++) {
      if (done[i] || matrix[i][k] == k_no_value) continue;
      ValueId factor = builder.make(Op::Div, matrix[i][k], matrix[k][k]);
      for (size_t j = 0; j < n; j++)
        if (!done[j] && matrix[k][j] != k_no_value) matrix[i][j] = minus(matrix[i][j], factor, matrix[k][j]);
      right[i] = minus(right[i], factor, right[k]);
    }
  }
  std::vector<ValueId> x(n, k_no_value);
  for (size_t round = n; round-- > 0;) {
    size_t k = order[round];
    ValueId rest = right[k];
    for (size_t j = 0; j < n; j++)
      if (j != k && x[j] != k_no_value && matrix[k][j] != k_no_value) rest = minus(rest, matrix[k][j], x[j]);
    x[k] = builder.make(Op::Div, rest, matrix[k][k]);
  }
  return x;
}

}  // namespace eic::solvers
