// Reads numbers out of CSV files, plain or gzipped, a row at a time. In: a path that the compiler has resolved and the
// columns asked for, by header. Out: rows of finite doubles, or a RunError that names file and line. Callers: starting
// values, connection lists, and the reference data of `eic test`. `#` lines and blank lines are skipped, CRLF and a byte
// order mark are accepted, columns nobody asked for may hold anything.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/contract/error.h"
#include "runtime/contract/result.h"

namespace eic::tables {

constexpr uint64_t k_max_line_bytes = uint64_t{1} << 24;

class CsvReader {
 public:
  // Opens a regular file and reads its header. `shown` is the path as the user wrote it, `origin` where.
  static Result<CsvReader, RunError> open(const std::string& path, const std::string& shown, Origin origin = {});

  const std::vector<std::string>& header() const { return header_; }
  bool has(std::string_view column) const;

  // The columns that next() gives, in this order.
  std::optional<RunError> select(std::span<const std::string> columns);

  // The next row's selected values; false at the end of the file.
  Result<bool, RunError> next(std::span<double> values);

  // Of the row that next() gave last, counted from 1.
  uint64_t line() const { return line_; }

  // "`v0.csv` line 17: …", for faults that only the caller can see.
  RunError fault(std::string what, std::string help = {}) const;

 private:
  struct Close { void operator()(void* file) const; };
  enum class Got { Line, End, Fault };

  CsvReader() = default;
  Got read_line(std::string_view& text);
  Got content_line(std::string_view& text);
  bool refill();
  std::optional<RunError> read_header();
  std::optional<RunError> read_number(std::string_view field, uint64_t column, double& value) const;
  RunError file_fault(std::string what, RunError::Kind kind) const;

  std::unique_ptr<void, Close> file_;  // a gzFile, which reads plain files as they are
  std::string shown_;
  Origin origin_;
  std::vector<char> buffer_;
  uint64_t from_ = 0, filled_ = 0;     // what of the buffer is still to be read
  uint64_t line_ = 0;
  bool at_end_ = false;
  RunError error_;                     // set where Got::Fault is returned
  std::vector<std::string> header_;
  std::vector<int32_t> slot_of_;       // by column of the file: where its value goes, or −1
};

// Whole columns, as many vectors as names.
Result<std::vector<std::vector<double>>, RunError> read_columns(const std::string& path, const std::string& shown,
                                                                std::span<const std::string> columns, Origin origin = {});

// The time column of a table: `time_ms`, or `t_ms`.
std::optional<std::string> time_column(const CsvReader& table);

}  // namespace eic::tables
