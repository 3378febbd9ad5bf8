#include "runtime/connect/layout.h"

#include <algorithm>
#include <cmath>

#include "runtime/connect/connect.h"

namespace eic::connect {

namespace {

constexpr uint64_t k_block_cells = uint64_t{1} << 16;  // what u16 can count
// Synapses of one source in a block below which reading where the piece begins costs more than half the width saves.
constexpr double k_least_piece = 16;

// The targets of each owner, in equal parts of at most `most` cells.
std::vector<Block> blocks_of(const Request& request, uint64_t most) {
  const plan::Range& to = request.projection.to;
  std::vector<Block> blocks;
  const state::Partition whole{{0, UINT64_MAX}};
  const state::Partition& partition = request.partition != nullptr ? *request.partition : whole;
  for (uint64_t owner = 0; owner < partition.owners(); ++owner) {
    const uint64_t begin = std::max(partition.begin(owner), to.begin), end = std::min(partition.end(owner), to.end);
    if (begin >= end) continue;
    const uint64_t parts = (end - begin - 1) / most + 1;
    for (uint64_t part = 0; part < parts; ++part) {
      const uint64_t from = begin + (end - begin) * part / parts, until = begin + (end - begin) * (part + 1) / parts;
      blocks.push_back({from, until - from, owner, 0});
    }
  }
  if (blocks.empty()) blocks.push_back({to.begin, 0, 0, 0});
  return blocks;
}

}  // namespace

double delays_expected(const Request& request) {
  constexpr double k_of_distance = 16, k_sd = 6, k_tail = 10;
  const std::optional<plan::Draw>& delay = request.projection.delay;
  if (!delay) return k_of_distance;
  const auto spread = [](double steps) { return 1 + std::ceil(std::min(steps, 1e6)); };
  switch (delay->kind) {
    case plan::Draw::Kind::Constant: return 1;
    case plan::Draw::Kind::Uniform: return spread(delay->b - delay->a);
    case plan::Draw::Kind::Normal: return spread(k_sd * delay->b);
    case plan::Draw::Kind::LogNormal: return spread(k_tail * delay->b);
    case plan::Draw::Kind::Exponential: return spread(k_tail * delay->a);
    case plan::Draw::Kind::Gamma: return spread(k_tail * delay->b * std::sqrt(delay->a));
    case plan::Draw::Kind::Csv: return k_of_distance;
  }
  internal_error(__FILE__, __LINE__, "a draw of no known kind");
}

Layout layout_of(const Request& request) {
  if (request.one_block()) return {{{0, request.run.populations[request.projection.to.population].size, 0, 0}}, false};
  std::vector<Block> wide = blocks_of(request, UINT64_MAX), narrow = blocks_of(request, k_block_cells);
  const double pieces = static_cast<double>(request.sources()) * static_cast<double>(narrow.size()) * delays_expected(request);
  if (narrow.size() > wide.size() && synapses_expected(request) < k_least_piece * pieces) return {std::move(wide), false};
  for (Block& block : narrow) block.base = block.first;
  return {std::move(narrow), true};
}

double offsets_expected(const Request& request) {
  const double pieces = static_cast<double>(request.sources()) * static_cast<double>(layout_of(request).blocks.size());
  return (pieces * delays_expected(request) + 1) * sizeof(uint64_t);
}

}  // namespace eic::connect
