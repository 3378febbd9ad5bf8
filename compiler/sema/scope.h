// What a name means where it is written. A scope knows its parent; a `let`, a `param` and a constant are resolved when
// they are first read, so that their order does not matter. Internal to sema.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/sema/expr.h"

namespace eic::sema {

class Scope;

struct Symbol {
  enum class Kind : uint8_t { Value, Pending, Param, Fn, Ion, Mechanism, Cell, Network, Simulation, Ports, Population };
  Kind kind = Kind::Value;
  Span span;                           // where it was declared
  ExprPtr value;                       // Value
  const ast::Expr* pending = nullptr;  // Pending: a let, checked in `scope` when first read
  const ast::Item* item = nullptr;     // Param (not yet resolved), Fn, Mechanism, Cell, Network, Simulation
  Scope* scope = nullptr;              // where `pending` and `item` are to be resolved
  std::string path;                    // of a let or param: "INa.w"
  uint32_t index = 0;                  // Cell, Network, Simulation, Population: in the Model; Ion: in the cell
  bool resolving = false;
  bool failed = false;  // Param: its error is said
};

class Scope {
 public:
  // `base`: of a derived cell, that of the cell it derives from; its names count as this scope's own.
  explicit Scope(Scope* parent = nullptr, std::string path = "", Scope* base = nullptr)
      : parent_(parent), base_(base), path_(std::move(path)) {}
  Symbol* find(const std::string& name);
  Symbol* find_here(const std::string& name);
  bool inherits(const std::string& name) const { return base_ && base_->find_here(name); }
  // The earlier symbol when the name stands already; the new one is then dropped.
  Symbol* add(const std::string& name, Symbol symbol);
  void collect_own_names(std::vector<std::string>& names) const;
  void collect_names(std::vector<std::string>& names) const;
  Scope* parent() const { return parent_; }
  // "HH.INa": what stands before the names declared here.
  const std::string& path() const { return path_; }
  std::string path_of(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }

 private:
  Scope* parent_;
  Scope* base_;
  std::string path_;
  std::map<std::string, Symbol> symbols_;
};

}  // namespace eic::sema
