// One `expect` of a test while it is read: what is measured (check_expect.cpp) and what it is compared with
// (check_against.cpp). Internal to sema.
#pragma once
#include <string_view>

#include "compiler/sema/checker.h"

namespace eic::sema {

enum class TestOf : uint8_t { Cell, Simulation, Channel };

class Checker::Expectation {
 public:
  Expectation(Checker& checker, const Test& test, TestOf of, Scope& scope)
      : checker_(checker), test_(test), of_(of), scope_(scope), network_(checker.model_.networks[test.run.network]) {}
  std::optional<Expect> read(const ast::Item& item);

 private:
  struct Form;
  static const Form k_forms[];

  Diagnostic& error(Kind kind, Span span, std::string message) { return checker_.error(kind, span, std::move(message)); }
  const Cell& cell() const { return checker_.model_.cells[network_.populations[expect_.of.population].cell]; }

  // what is measured
  bool find_form(const ast::Expr& subject);
  bool arguments(const ast::Expr& subject);
  bool argument(const ast::Ident& name, const ast::Expr& value);
  bool subject(const ast::Expr& subject);
  bool fits_test(const ast::Expr& subject);
  bool spikes_of(const ast::Expr& subject);
  bool locate(const ast::Expr& path, bool variable_wanted);
  bool variable(const ast::Expr& path);
  bool synapse_variable(const ast::Expr& path, uint32_t projection);
  bool curve(const ast::Expr& subject);
  bool convergence(const ast::Expr& subject);
  bool population_named(const std::string& name) const;
  void measured_in(const std::string& unit);

  // what it is compared with
  bool against(const ast::Expect& written);
  bool file(const ast::Expr& against);
  bool numbers(const ast::Expect& written);
  bool tolerance(const ast::Expect& written);
  ExprPtr value(const ast::Expr& written);

  Checker& checker_;
  const Test& test_;
  TestOf of_;
  Scope& scope_;
  const Network& network_;
  const Form* form_ = nullptr;
  Expect expect_;
  // as written; null where it is not
  const ast::Expr *what_ = nullptr, *index_ = nullptr, *at_ = nullptr, *of_variable_ = nullptr;
  std::vector<ast::Ident> rest_;  // of a path: what is left behind its population and view
  std::string name_;              // of the variable or curve as the file's column is called: "v", "m.inf"
  Dimension dimension_;           // of the numbers it is compared with
  std::string unit_;
};

enum class Takes : uint8_t { Spikes, Variable, Either, Curve, Step, Rest };

struct Checker::Expectation::Form {
  const char* name;
  Measure measure;
  Takes takes;
  const char* unit;            // of a number it is compared with; null: of the variable
  bool compares, file;         // with a number or a range, with a CSV
  std::string_view arguments;  // that are named, between blanks
  std::string_view within;     // tolerances of a comparison with a file
};

}  // namespace eic::sema
