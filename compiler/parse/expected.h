// In: the token types that could have stood at a place. Out: what a user calls them: "a unit, `=` or end of line".
// Called by errors.cpp.
#pragma once
#include <set>
#include <string>
#include <vector>

namespace eic::parse {

struct Expectation {
  std::set<size_t> types;
  bool item = false;      // the place is the beginning of an item
  size_t enclosing = 0;   // type of the innermost open bracket

  bool has(size_t type) const { return types.contains(type); }
  bool an_expression() const;
  bool a_name() const;  // and no expression
};

std::string describe(Expectation expected);
std::vector<std::string> keywords();  // the soft ones, for 'did you mean'

}  // namespace eic::parse
