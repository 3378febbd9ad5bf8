#include "compiler/explain/mathematics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace eic::explain {

using sema::Builtin;
using sema::Expr;
using sema::ExprOp;
using sema::ExprPtr;

namespace {

constexpr std::array k_greek = {"alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu",
                                "nu",    "xi",   "pi",    "rho",   "sigma",   "tau", "phi",   "chi",   "psi",    "omega"};

std::string symbol(const std::string& word) {
  if (std::find(k_greek.begin(), k_greek.end(), word) != k_greek.end()) return "\\" + word;
  return word.size() == 1 ? word : "\\mathrm{" + latex_text(word) + "}";
}

const char* function_name(Builtin function) {
  switch (function) {
    case Builtin::Exp: return "\\exp";
    case Builtin::Log: return "\\ln";
    case Builtin::Log10: return "\\log_{10}";
    case Builtin::Min: return "\\min";
    case Builtin::Max: return "\\max";
    case Builtin::Sin: return "\\sin";
    case Builtin::Cos: return "\\cos";
    case Builtin::Tanh: return "\\tanh";
    case Builtin::Expm1: return "\\operatorname{expm1}";
    case Builtin::Log1p: return "\\operatorname{log1p}";
    case Builtin::Exprel: return "\\operatorname{exprel}";
    case Builtin::Heaviside: return "\\operatorname{H}";
    default: return "";
  }
}

struct Sign {
  const char* text;
  int binding;
};

Sign sign(ExprOp op) {
  switch (op) {
    case ExprOp::Or: return {" \\lor ", 1};
    case ExprOp::And: return {" \\land ", 2};
    case ExprOp::Less: return {" < ", 4};
    case ExprOp::LessEqual: return {" \\le ", 4};
    case ExprOp::Equal: return {" = ", 4};
    case ExprOp::NotEqual: return {" \\ne ", 4};
    case ExprOp::Add: return {" + ", 5};
    case ExprOp::Sub: return {" - ", 5};
    default: return {" \\, ", 6};
  }
}

class Writer {
 public:
  Writer(const sema::Names& names, const std::vector<std::string>& prefixes) : names_(names), prefixes_(prefixes) {}

  std::string write(const Expr& expr, int outer = 0) const {
    auto wrapped = [&](std::string text, int binding) {
      return binding < outer ? "\\left(" + std::move(text) + "\\right)" : std::move(text);
    };
    auto arg = [&](size_t i, int binding) { return write(*expr.args[i], binding); };
    switch (expr.op) {
      case ExprOp::Number: return wrapped(number(expr), expr.number < 0 ? 5 : 8);
      case ExprOp::Bool: return expr.number != 0 ? "\\mathrm{true}" : "\\mathrm{false}";
      case ExprOp::Param: return latex_name(names_.params.at(expr.index));
      case ExprOp::State: return latex_name(names_.states.at(expr.index));
      case ExprOp::Input: return "I_{\\mathrm{input}}";
      case ExprOp::Noise: return "\\xi(t)";
      case ExprOp::Step: return "\\Delta t";
      case ExprOp::Time: return "t";
      case ExprOp::Distance: return "d";
      case ExprOp::Weight: return "w";
      case ExprOp::Let: return latex_name(shortened(expr.name));
      case ExprOp::Neg: return wrapped("-" + arg(0, 6), 5);
      case ExprOp::Not: return wrapped("\\lnot " + arg(0, 8), 7);
      case ExprOp::Div: return "\\frac{" + arg(0, 0) + "}{" + arg(1, 0) + "}";
      case ExprOp::Power: return wrapped(fmt::format("{}^{{{}}}", arg(0, 9), expr.exponent), 8);
      case ExprOp::If:
        return fmt::format("\\begin{{cases}} {} & \\text{{if }} {} \\\\ {} & \\text{{otherwise}} \\end{{cases}}", arg(1, 0), arg(0, 0), arg(2, 0));
      case ExprOp::Call: return call(expr);
      default: {
        Sign s = sign(expr.op);
        return wrapped(arg(0, s.binding) + s.text + arg(1, s.binding + 1), s.binding);
      }
    }
  }

 private:
  std::string number(const Expr& expr) const {
    std::string text = units::print(expr.number, expr.dimension);
    size_t blank = text.find(' ');
    std::string digits = text.substr(0, blank);
    if (size_t e = digits.find('e'); e != std::string::npos)
      digits = fmt::format("{} \\cdot 10^{{{}}}", digits.substr(0, e), std::stoi(digits.substr(e + 1)));
    return blank == std::string::npos ? digits : digits + "\\," + latex_unit(text.substr(blank + 1));
  }

  std::string call(const Expr& expr) const {
    auto arg = [&](size_t i, int binding) { return write(*expr.args[i], binding); };
    if (expr.function == Builtin::Sqrt) return "\\sqrt{" + arg(0, 0) + "}";
    if (expr.function == Builtin::Abs) return "\\left|" + arg(0, 0) + "\\right|";
    if (expr.function == Builtin::Exprelr) return "\\frac{" + arg(0, 0) + "}{e^{" + arg(0, 0) + "} - 1}";
    if (expr.function == Builtin::Pow) return arg(0, 9) + "^{" + arg(1, 0) + "}";
    std::string text = std::string(function_name(expr.function)) + "\\left(";
    for (size_t i = 0; i < expr.args.size(); i++) text += (i > 0 ? ", " : "") + arg(i, 0);
    return text + "\\right)";
  }

  std::string shortened(const std::string& name) const {
    for (const std::string& prefix : prefixes_)
      if (name.starts_with(prefix)) return name.substr(prefix.size());
    return name;
  }

  const sema::Names& names_;
  const std::vector<std::string>& prefixes_;
};

// How a part of x' depends on the state: not at all, linearly, or in another way.
enum class Order : uint8_t { Constant, Linear, Other };

class Linearity {
 public:
  explicit Linearity(uint32_t state) : state_(state) {}

  Order of(const Expr& expr) {
    if (auto known = known_.find(&expr); known != known_.end()) return known->second;
    return known_[&expr] = find(expr);
  }
  // The parts of a sum, of a sum over a constant, that are of another order.
  void collect(const ExprPtr& expr, std::vector<ExprPtr>& found) {
    if (of(*expr) != Order::Other || !seen_.insert(expr.get()).second) return;
    bool sum = expr->op == ExprOp::Add || expr->op == ExprOp::Sub || expr->op == ExprOp::Neg || expr->op == ExprOp::Let;
    bool scaled = expr->op == ExprOp::Div && of(*expr->args[1]) == Order::Constant;
    scaled = scaled || (expr->op == ExprOp::Mul && (of(*expr->args[0]) == Order::Constant || of(*expr->args[1]) == Order::Constant));
    if (!sum && !scaled) {
      found.push_back(expr);
      return;
    }
    for (const ExprPtr& arg : expr->args) collect(arg, found);
  }

 private:
  Order find(const Expr& expr) {
    if (expr.op == ExprOp::State) return expr.index == state_ ? Order::Linear : Order::Constant;
    std::vector<Order> args;
    for (const ExprPtr& arg : expr.args) args.push_back(of(*arg));
    if (std::all_of(args.begin(), args.end(), [](Order order) { return order == Order::Constant; })) return Order::Constant;
    switch (expr.op) {
      case ExprOp::Let:
      case ExprOp::Neg: return args[0];
      case ExprOp::Add:
      case ExprOp::Sub: return std::max(args[0], args[1]);
      case ExprOp::Mul: return args[0] == Order::Constant ? args[1] : args[1] == Order::Constant ? args[0] : Order::Other;
      case ExprOp::Div: return args[1] == Order::Constant ? args[0] : Order::Other;
      case ExprOp::If: return args[0] == Order::Constant ? std::max(args[1], args[2]) : Order::Other;
      default: return Order::Other;
    }
  }

  uint32_t state_;
  std::unordered_map<const Expr*, Order> known_;
  std::unordered_set<const Expr*> seen_;
};

}  // namespace

std::string latex(const Expr& expr, const sema::Names& names, const std::vector<std::string>& prefixes) {
  return Writer(names, prefixes).write(expr);
}

std::string plain(const Expr& expr, const sema::Names& names, const std::vector<std::string>& prefixes) {
  std::string text = sema::print(expr, names);
  auto of_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; };
  for (const std::string& prefix : prefixes)
    for (size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;)
      if (at > 0 && of_name(text[at - 1])) at += prefix.size();
      else text.erase(at, prefix.size());
  return text;
}

std::string latex_text(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '\\') out += "\\textbackslash{}";
    else if (c == '~' || c == '^') out += fmt::format("\\{}{{}}", c);
    else if (std::string_view("_&%$#{}").find(c) != std::string_view::npos) out += fmt::format("\\{}", c);
    else out += c;
  }
  return out;
}

std::string latex_name(const std::string& name) {
  std::string last = name, below;
  if (size_t dot = name.rfind('.'); dot != std::string::npos) below = name.substr(0, dot), last = name.substr(dot + 1);
  if (size_t mark = last.find('_'); mark != std::string::npos && mark > 0 && mark + 1 < last.size()) {
    below = last.substr(mark + 1) + (below.empty() ? "" : ", " + below);
    last.resize(mark);
  }
  return below.empty() ? symbol(last) : fmt::format("{}_{{\\mathrm{{{}}}}}", symbol(last), latex_text(below));
}

std::string latex_unit(const std::string& unit) {
  std::string out = "\\mathrm{";
  for (size_t i = 0; i < unit.size(); i++) {
    if (unit[i] != '^') {
      out += unit[i] == 'u' && i + 1 < unit.size() && std::isalpha(static_cast<unsigned char>(unit[i + 1])) && (i == 0 || unit[i - 1] == '/') ? "\\mu " : std::string(1, unit[i]);
      continue;
    }
    size_t end = i + 1;
    while (end < unit.size() && (unit[end] == '-' || std::isdigit(static_cast<unsigned char>(unit[end])))) end++;
    out += "^{" + unit.substr(i + 1, end - i - 1) + "}";
    i = end - 1;
  }
  return out + "}";
}

std::vector<ExprPtr> nonlinear_terms(const ExprPtr& rate, uint32_t index) {
  std::vector<ExprPtr> found;
  Linearity(index).collect(rate, found);
  return found;
}

}  // namespace eic::explain
