#include "runtime/state/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "runtime/contract/kernel.h"
#include "runtime/random/sampler.h"
#include "runtime/tables/csv.h"

namespace eic::state {

namespace {

uint64_t padded_cells(uint64_t cells) { return (cells + k_padding_cells - 1) / k_padding_cells * k_padding_cells; }

// Columns a multiple of 4 KiB apart would fight for the same few cache lines, so each is shifted by five lines.
uint64_t stride_of(uint64_t cells, bool single) {
  const uint64_t bytes = padded_cells(cells) * (single ? sizeof(float) : sizeof(double));
  return bytes == 0 ? 0 : (bytes + 4095) / 4096 * 4096 + 5 * k_alignment;
}

std::string count_of(uint64_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

std::optional<RunError> fill_from_file(const plan::Population& population, const plan::Draw& draw, uint64_t column,
                                       Columns& columns) {
  const auto read = tables::read_columns(draw.csv.path, draw.csv.shown, {&draw.csv.column, 1}, draw.origin);
  if (!read) return read.error();
  const std::vector<double>& values = read->front();
  if (values.size() != population.size) {
    return RunError{RunError::Kind::Data,
                    fmt::format("`{}` has {} of `{}`, but `{}` has {}", draw.csv.shown, count_of(values.size(), "value"),
                                draw.csv.column, population.name, count_of(population.size, "cell")),
                    "one line a cell is needed", draw.origin};
  }
  for (uint64_t i = 0; i < values.size(); ++i) columns.set(column, i, values[i] * draw.csv.to_internal);
  return std::nullopt;
}

}  // namespace

double Columns::bytes_needed(const plan::Population& population, bool single) {
  return static_cast<double>(stride_of(population.size, single)) * static_cast<double>(population.columns.size());
}

Columns::Columns(uint64_t cells, uint64_t columns, bool single, bool clear)
    : cells_(cells), padded_(padded_cells(cells)), single_(single), storage_(stride_of(cells, single) * columns) {
  for (uint64_t i = 0; i < columns; ++i) pointers_.push_back(storage_.as<char>() + i * stride_of(cells, single));
  if (clear) this->clear(0, padded_);
}

void Columns::clear(uint64_t begin, uint64_t end) {
  const uint64_t number = single_ ? sizeof(float) : sizeof(double);
  for (void* column : pointers_) std::memset(static_cast<char*>(column) + begin * number, 0, (end - begin) * number);
}

void Columns::pad(uint64_t column) {
  if (cells_ == 0) return;
  const auto copy_last = [this](auto* values) { std::fill(values + cells_, values + padded_, values[cells_ - 1]); };
  if (single_) {
    copy_last(static_cast<float*>(pointers_[column]));
  } else {
    copy_last(static_cast<double*>(pointers_[column]));
  }
}

void Columns::pad_all() {
  for (uint64_t i = 0; i < pointers_.size(); ++i) pad(i);
}

std::optional<RunError> fill_column(const plan::Population& population, const plan::Draw& draw, uint64_t seed, uint64_t column,
                                    Columns& columns) {
  if (draw.kind == plan::Draw::Kind::Csv) {
    if (auto error = fill_from_file(population, draw, column, columns)) return error;
  } else {
    const random::Sampler sampler(draw, random::key_of(seed, population.path, population.columns[column].name));
    for (uint64_t i = 0; i < population.size; ++i) columns.set(column, i, sampler.at(i));
  }
  columns.pad(column);
  return std::nullopt;
}

std::optional<RunError> fill_starting_values(const plan::Population& population, uint64_t seed, Columns& columns) {
  for (uint64_t c = 0; c < population.columns.size(); ++c) {
    const std::optional<plan::Draw>& start = population.columns[c].start;
    if (!start) continue;
    if (auto error = fill_column(population, *start, seed, c, columns)) return error;
  }
  return std::nullopt;
}

}  // namespace eic::state
