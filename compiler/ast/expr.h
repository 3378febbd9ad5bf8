// Expressions as written. Nothing is resolved: names are text, literals keep their digits and their unit.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "compiler/source/span.h"
#include "compiler/units/unit.h"

namespace eic::ast {

using source::Span;

struct Ident {
  std::string text;
  Span span;
};

// `INa.g` as text, and where it stands.
inline std::string dotted(const std::vector<Ident>& path) {
  std::string text;
  for (const Ident& part : path) text += (text.empty() ? "" : ".") + part.text;
  return text;
}
inline Span span_of(const std::vector<Ident>& path) { return source::join(path.front().span, path.back().span); }

enum class ExprKind : uint8_t {
  Number,    // text = digits ("0.32", "-10" only for degC literals); unit set and `has_unit` when a unit follows
  String,    // text = content
  Bool,      // text = "true" | "false"
  Path,      // path: a name `m`, or dotted `INa.m`, `x.E`, `N.E`
  Unary,     // text = "-" | "not"; args[0]
  Binary,    // text = "+ - * / ^ < <= > >= == != and or"; args[0], args[1]
  If,        // args = condition, then, else
  Call,      // path = callee (one part); args positional; named arguments in `names` (empty text when positional)
  List,      // [a, b, …]; args
  Range,     // a .. b; args[0], args[1]
  PlusMinus, // a +- b
};

struct Expr {
  ExprKind kind = ExprKind::Number;
  Span span;
  std::string text;
  bool has_unit = false;
  units::Unit unit;
  std::vector<Ident> path;
  std::vector<std::unique_ptr<Expr>> args;
  std::vector<Ident> names;  // Call only: one for each of args
  Span op_span;              // Unary, Binary: the operator
};
using ExprPtr = std::unique_ptr<Expr>;

}  // namespace eic::ast
