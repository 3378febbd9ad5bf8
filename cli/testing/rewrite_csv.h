// In: a reference CSV as text, and new values for its columns. Out: the text with these values and everything else as it
// was: comments, other columns, the order of the rows. Called by bless.cpp.
#pragma once
#include <string>
#include <vector>

#include "runtime/contract/result.h"

namespace eic::cli {

struct Rewritten {
  std::string text;
  size_t rows = 0, changed = 0;      // data rows; those with a new value
  double largest = 0, largest_at = 0;  // change, and the x where it is
};

// Where x stands in the file, y is replaced. The rows of the file stay those that it has.
Result<Rewritten, std::string> rewrite_column(const std::string& text, const std::string& x_column, const std::string& y_column,
                                              const std::vector<double>& x, const std::vector<double>& y);
// The rows are replaced: `columns` with `values`, one vector a column. Refused where the file has other columns.
Result<Rewritten, std::string> rewrite_rows(const std::string& text, const std::vector<std::string>& columns,
                                            const std::vector<std::vector<double>>& values);

}  // namespace eic::cli
