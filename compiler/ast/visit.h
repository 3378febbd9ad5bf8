// Walks over an Ast without knowing every construct: what an item holds. Used by the lint and the language server.
#pragma once
#include <functional>

#include "compiler/ast/ast.h"

namespace eic::ast {

// The items between the braces of `item`; null where it has none.
const Items* items_of(const Item& item);
// `allow`s among an item's bindings (those that are items of their own are in items_of).
const std::vector<Allow>* allows_of(const Item& item);
// The name that the item declares; null where it declares none.
const Ident* name_of(const Item& item);
// The end of the parameter's range that `value` (internal units, of the parameter's first unit) lies beyond, where that end is a
// literal; null where it lies within.
const Expr* bound_beyond(const Param& param, double value);
// Every expression of the item itself, not of its inner items, and none of an expression's parts.
void for_each_expr(const Item& item, const std::function<void(const Expr&)>& visit);
// The expression and all its parts.
void for_each_part(const Expr& expr, const std::function<void(const Expr&)>& visit);

}  // namespace eic::ast
