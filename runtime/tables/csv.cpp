#include "runtime/tables/csv.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

namespace eic::tables {

namespace {

constexpr uint64_t k_buffer_bytes = uint64_t{1} << 18;
constexpr uint64_t k_shown_columns = 12;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Long or unprintable text in a message helps nobody.
std::string quoted(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, 40)) shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return fmt::format("`{}{}`", shown, text.size() > 40 ? "…" : "");
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (uint64_t i = 0; i < std::min<uint64_t>(names.size(), k_shown_columns); ++i) {
    if (i > 0) text += ", ";
    text += quoted(names[i]);
  }
  if (names.size() > k_shown_columns) text += fmt::format(" and {} more", names.size() - k_shown_columns);
  return text;
}

// Takes the next field off the front of a row; the row is finished when `row.data()` is null.
std::string_view next_field(std::string_view& row) {
  const uint64_t comma = row.find(',');
  const std::string_view field = trimmed(row.substr(0, comma));
  row = comma == std::string_view::npos ? std::string_view{} : std::string_view(row.data() + comma + 1, row.size() - comma - 1);
  return field;
}

}  // namespace

void CsvReader::Close::operator()(void* file) const { gzclose(static_cast<gzFile>(file)); }

RunError CsvReader::file_fault(std::string what, RunError::Kind kind) const {
  return {kind, fmt::format("`{}` {}", shown_, what), {}, origin_};
}

RunError CsvReader::fault(std::string what, std::string help) const {
  return {RunError::Kind::Data, fmt::format("`{}` line {}: {}", shown_, line_, what), std::move(help), origin_};
}

Result<CsvReader, RunError> CsvReader::open(const std::string& path, const std::string& shown, Origin origin) {
  CsvReader reader;
  reader.shown_ = shown;
  reader.origin_ = origin;
  // Without O_NONBLOCK the open of a FIFO that nobody writes to would hang before it can be refused.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    return Failure{reader.file_fault(fmt::format("cannot be read: {}", std::strerror(errno)), RunError::Kind::FileUnreadable)};
  }
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return Failure{reader.file_fault("is not a regular file", RunError::Kind::FileUnreadable)};
  }
  gzFile file = gzdopen(descriptor, "rb");
  if (file == nullptr) {
    ::close(descriptor);
    return Failure{reader.file_fault("cannot be read: out of memory", RunError::Kind::FileUnreadable)};
  }
  gzbuffer(file, 1 << 17);
  reader.file_.reset(file);
  reader.buffer_.resize(k_buffer_bytes);
  if (auto error = reader.read_header()) return Failure{std::move(*error)};
  return reader;
}

// More text behind what is still unread; false when a line is too long or the file is damaged.
bool CsvReader::refill() {
  std::memmove(buffer_.data(), buffer_.data() + from_, filled_ - from_);
  filled_ -= from_;
  from_ = 0;
  if (filled_ == buffer_.size()) {
    if (buffer_.size() >= k_max_line_bytes) {
      ++line_;
      error_ = fault(fmt::format("longer than {} bytes", k_max_line_bytes));
      return false;
    }
    buffer_.resize(buffer_.size() * 2);
  }
  const auto file = static_cast<gzFile>(file_.get());
  const int got = gzread(file, buffer_.data() + filled_, static_cast<unsigned>(buffer_.size() - filled_));
  int code = Z_OK;
  const char* reason = gzerror(file, &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
    if (code == Z_ERRNO) reason = std::strerror(errno);
    error_ = file_fault(fmt::format("cannot be read: {}", reason), RunError::Kind::FileUnreadable);
    return false;
  }
  filled_ += static_cast<uint64_t>(got);
  at_end_ = got == 0;
  return true;
}

CsvReader::Got CsvReader::read_line(std::string_view& text) {
  uint64_t searched = 0;
  for (;;) {
    const char* start = buffer_.data() + from_;
    const auto* found = static_cast<const char*>(std::memchr(start + searched, '\n', filled_ - from_ - searched));
    if (found == nullptr && !at_end_) {
      searched = filled_ - from_;
      if (!refill()) return Got::Fault;
      continue;
    }
    if (found == nullptr && from_ == filled_) return Got::End;
    const uint64_t length = found != nullptr ? static_cast<uint64_t>(found - start) : filled_ - from_;
    from_ += length + (found != nullptr ? 1 : 0);
    ++line_;
    text = std::string_view(start, length);
    if (line_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return Got::Line;
  }
}

// The next line that is neither blank nor a comment.
CsvReader::Got CsvReader::content_line(std::string_view& text) {
  for (;;) {
    if (const Got got = read_line(text); got != Got::Line) return got;
    text = trimmed(text);
    if (!text.empty() && text.front() != '#') return Got::Line;
  }
}

std::optional<RunError> CsvReader::read_header() {
  std::string_view row;
  switch (content_line(row)) {
    case Got::Fault: return error_;
    case Got::End: return file_fault("is empty: a header with the names of its columns is needed", RunError::Kind::Data);
    case Got::Line: break;
  }
  while (row.data() != nullptr) {
    std::string name(next_field(row));
    if (name.empty()) return fault(fmt::format("column {} of the header has no name", header_.size() + 1));
    if (has(name)) return fault(fmt::format("the header names {} twice", quoted(name)));
    header_.push_back(std::move(name));
  }
  slot_of_.assign(header_.size(), -1);
  return std::nullopt;
}

bool CsvReader::has(std::string_view column) const { return std::find(header_.begin(), header_.end(), column) != header_.end(); }

std::optional<RunError> CsvReader::select(std::span<const std::string> columns) {
  std::fill(slot_of_.begin(), slot_of_.end(), -1);
  for (uint64_t i = 0; i < columns.size(); ++i) {
    const auto found = std::find(header_.begin(), header_.end(), columns[i]);
    if (found == header_.end()) {
      return RunError{RunError::Kind::Data, fmt::format("`{}` has no column {}", shown_, quoted(columns[i])),
                      fmt::format("its columns are {}", list_of(header_)), origin_};
    }
    slot_of_[static_cast<uint64_t>(found - header_.begin())] = static_cast<int32_t>(i);
  }
  return std::nullopt;
}

std::optional<RunError> CsvReader::read_number(std::string_view field, uint64_t column, double& value) const {
  std::string_view digits = field;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const std::string& name = header_[column];
  if (code == std::errc::result_out_of_range) return fault(fmt::format("{} in {} is out of range", quoted(field), quoted(name)));
  if (code != std::errc{} || stop != digits.data() + digits.size()) {
    return fault(field.empty() ? fmt::format("no value in {}", quoted(name))
                               : fmt::format("{} in {} is not a number", quoted(field), quoted(name)));
  }
  if (!std::isfinite(value)) return fault(fmt::format("{} in {} is not a finite number", quoted(field), quoted(name)));
  return std::nullopt;
}

Result<bool, RunError> CsvReader::next(std::span<double> values) {
  std::string_view row;
  switch (content_line(row)) {
    case Got::Fault: return Failure{error_};
    case Got::End: return false;
    case Got::Line: break;
  }
  uint64_t columns = 0;
  for (; row.data() != nullptr; ++columns) {
    const std::string_view field = next_field(row);
    if (columns >= header_.size() || slot_of_[columns] < 0) continue;
    double& value = values[static_cast<uint64_t>(slot_of_[columns])];
    if (auto error = read_number(field, columns, value)) return Failure{std::move(*error)};
  }
  if (columns != header_.size()) {
    return Failure{fault(fmt::format("{} column{} where the header has {}", columns, columns == 1 ? "" : "s", header_.size()))};
  }
  return true;
}

Result<std::vector<std::vector<double>>, RunError> read_columns(const std::string& path, const std::string& shown,
                                                                std::span<const std::string> columns, Origin origin) {
  auto table = CsvReader::open(path, shown, origin);
  if (!table) return Failure{std::move(table.error())};
  if (auto error = table->select(columns)) return Failure{std::move(*error)};
  std::vector<std::vector<double>> read(columns.size());
  std::vector<double> row(columns.size());
  for (;;) {
    const auto more = table->next(row);
    if (!more) return Failure{more.error()};
    if (!*more) return read;
    for (uint64_t i = 0; i < row.size(); ++i) read[i].push_back(row[i]);
  }
}

std::optional<std::string> time_column(const CsvReader& table) {
  for (const char* name : {"time_ms", "t_ms"}) {
    if (table.has(name)) return name;
  }
  return std::nullopt;
}

}  // namespace eic::tables
