#include "compiler/sema/expr.h"

#include <fmt/format.h>

#include <set>
#include <unordered_set>

namespace eic::sema {

namespace {

void set_args(Expr& node, std::vector<ExprPtr> args) {
  for (const ExprPtr& arg : args) node.depth = std::max(node.depth, arg->depth + 1);
  node.args = std::move(args);
}

}  // namespace

ExprPtr number(double value, Dimension dimension, Span span) {
  auto node = std::make_shared<Expr>();
  node->number = value;
  node->dimension = dimension;
  node->span = span;
  if (auto exact = units::to_decimal(fmt::format("{}", value), units::dimensionless())) {
    node->exact = *exact;
    node->exact.exponent += units::internal_exponent(dimension);
  }
  return node;
}

ExprPtr leaf(ExprOp op, uint32_t index, Dimension dimension, std::string unit, Span span) {
  auto node = std::make_shared<Expr>();
  node->op = op;
  node->index = index;
  node->dimension = dimension;
  node->unit = std::move(unit);
  node->span = span;
  return node;
}

ExprPtr unary(ExprOp op, ExprPtr a, Span span) {
  auto node = std::make_shared<Expr>();
  node->op = op;
  node->span = span;
  node->boolean = op == ExprOp::Not;
  node->dimension = a->dimension;
  node->unit = a->unit;
  set_args(*node, {std::move(a)});
  return node;
}

ExprPtr binary(ExprOp op, ExprPtr a, ExprPtr b, Span span) {
  auto node = std::make_shared<Expr>();
  node->op = op;
  node->span = span;
  switch (op) {
    case ExprOp::Add:
    case ExprOp::Sub:
      node->dimension = a->dimension;
      node->unit = a->unit;
      break;
    case ExprOp::Mul:
      node->dimension = a->dimension * b->dimension;
      node->unit = a->dimension.dimensionless() ? b->unit : b->dimension.dimensionless() ? a->unit : "";
      break;
    case ExprOp::Div:
      node->dimension = a->dimension / b->dimension;
      node->unit = b->dimension.dimensionless() ? a->unit : "";
      break;
    default: node->boolean = true;
  }
  set_args(*node, {std::move(a), std::move(b)});
  return node;
}

ExprPtr power(ExprPtr a, int exponent, Span span) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::Power;
  node->span = span;
  node->exponent = exponent;
  node->dimension = a->dimension.power(exponent);
  set_args(*node, {std::move(a)});
  return node;
}

ExprPtr let(std::string name, ExprPtr value, Span span) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::Let;
  node->span = span;
  node->name = std::move(name);
  node->dimension = value->dimension;
  node->boolean = value->boolean;
  node->unit = value->unit;
  set_args(*node, {std::move(value)});
  return node;
}

ExprPtr choose(ExprPtr condition, ExprPtr yes, ExprPtr no, Span span) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::If;
  node->span = span;
  node->dimension = yes->dimension;
  node->boolean = yes->boolean;
  node->unit = yes->unit;
  set_args(*node, {std::move(condition), std::move(yes), std::move(no)});
  return node;
}

ExprPtr call(Builtin function, std::vector<ExprPtr> args, Dimension dimension, Span span) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::Call;
  node->span = span;
  node->function = function;
  node->dimension = dimension;
  if (dimension == args[0]->dimension) node->unit = args[0]->unit;
  set_args(*node, std::move(args));
  return node;
}

namespace {

// Whether `found` holds anywhere; each shared node is looked at once.
template <class F>
bool any(const Expr& expr, const F& found, std::unordered_set<const Expr*>& seen) {
  if (!seen.insert(&expr).second) return false;
  if (found(expr)) return true;
  for (const ExprPtr& arg : expr.args)
    if (any(*arg, found, seen)) return true;
  return false;
}

template <class F>
bool any(const Expr& expr, const F& found) {
  std::unordered_set<const Expr*> seen;
  return any(expr, found, seen);
}

}  // namespace

bool contains(const Expr& expr, ExprOp op) {
  return any(expr, [&](const Expr& node) { return node.op == op; });
}

bool contains(const Expr& expr, ExprOp op, uint32_t index) {
  return any(expr, [&](const Expr& node) { return node.op == op && node.index == index; });
}

std::vector<uint32_t> params_of(const Expr& expr) {
  std::set<uint32_t> read;
  any(expr, [&](const Expr& node) {
    if (node.op == ExprOp::Param) read.insert(node.index);
    return false;
  });
  return {read.begin(), read.end()};
}

bool reads_let(const Expr& expr, const std::string& let) {
  return any(expr, [&](const Expr& node) { return node.op == ExprOp::Let && node.name == let; });
}

bool is_constant(const Expr& expr) {
  return !any(expr, [](const Expr& node) {
    return node.op == ExprOp::State || node.op == ExprOp::Input || node.op == ExprOp::Step ||
           node.op == ExprOp::Time || node.op == ExprOp::Weight || node.op == ExprOp::Distance || node.op == ExprOp::Noise;
  });
}

std::string unit_of(const Expr& expr) {
  if (expr.boolean) return "true or false";
  return expr.unit.empty() ? units::usual_unit(expr.dimension) : expr.unit;
}

namespace {

constexpr const char* k_functions[] = {"exp", "expm1", "log", "log10", "log1p", "exprel", "exprelr", "sqrt",
                                       "abs", "min",   "max", "sin",   "cos",   "tanh",   "pow",     "heaviside"};

struct Shape {
  const char* text;
  int binding;
};

Shape shape(ExprOp op) {
  switch (op) {
    case ExprOp::Or: return {" or ", 1};
    case ExprOp::And: return {" and ", 2};
    case ExprOp::Less: return {" < ", 4};
    case ExprOp::LessEqual: return {" <= ", 4};
    case ExprOp::Equal: return {" == ", 4};
    case ExprOp::NotEqual: return {" != ", 4};
    case ExprOp::Add: return {" + ", 5};
    case ExprOp::Sub: return {" - ", 5};
    case ExprOp::Mul: return {"*", 6};
    case ExprOp::Div: return {"/", 6};
    default: return {"", 9};
  }
}

std::string print_at(const Expr& expr, const Names& names, int outer) {
  auto wrapped = [&](std::string text, int binding) { return binding < outer ? "(" + text + ")" : text; };
  auto arg = [&](size_t i, int binding) { return print_at(*expr.args[i], names, binding); };
  switch (expr.op) {
    case ExprOp::Number: return wrapped(units::print(expr.number, expr.dimension), expr.number < 0 ? 7 : 8);
    case ExprOp::Bool: return expr.number != 0 ? "true" : "false";
    case ExprOp::Param: return names.params.at(expr.index);
    case ExprOp::State: return names.states.at(expr.index);
    case ExprOp::Input: return "input";
    case ExprOp::Step: return "dt";
    case ExprOp::Time: return "t";
    case ExprOp::Distance: return "distance";
    case ExprOp::Weight: return "weight";
    case ExprOp::Noise: return "noise";
    case ExprOp::Let: return expr.name;
    case ExprOp::Neg: return wrapped("-" + arg(0, 7), 7);
    case ExprOp::Not: return wrapped("not " + arg(0, 3), 3);
    case ExprOp::Power: return wrapped(fmt::format("{}^{}", arg(0, 9), expr.exponent), 8);
    case ExprOp::If: return wrapped(fmt::format("if {} then {} else {}", arg(0, 1), arg(1, 1), arg(2, 0)), 0);
    case ExprOp::Call: {
      std::string text = k_functions[static_cast<int>(expr.function)];
      for (size_t i = 0; i < expr.args.size(); i++) text += (i == 0 ? "(" : ", ") + arg(i, 0);
      return text + ")";
    }
    default: {
      Shape s = shape(expr.op);
      return wrapped(arg(0, s.binding) + s.text + arg(1, s.binding + 1), s.binding);
    }
  }
}

}  // namespace

std::string print(const Expr& expr, const Names& names) { return print_at(expr, names, 0); }

}  // namespace eic::sema
