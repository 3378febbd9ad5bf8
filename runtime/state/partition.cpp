#include "runtime/state/partition.h"

#include <numeric>

#include "runtime/contract/check.h"
#include "runtime/contract/kernel.h"

namespace eic::state {

namespace {

uint64_t blocks_of(const plan::Population& population) { return (population.size + k_padding_cells - 1) / k_padding_cells; }

}  // namespace

std::vector<Partition> divide(const plan::Run& run, uint64_t owners) {
  EIC_CHECK(owners > 0, "somebody owns the cells");
  std::vector<Partition> parts;
  std::vector<uint64_t> load(owners, 0), order(owners);  // the cost of a block is about that of its columns
  for (const plan::Population& population : run.populations) {
    const uint64_t blocks = blocks_of(population), each = blocks / owners, cost = population.columns.size() + 1;
    std::iota(order.begin(), order.end(), uint64_t{0});
    std::stable_sort(order.begin(), order.end(), [&](uint64_t a, uint64_t b) { return load[a] < load[b]; });
    std::vector<uint64_t> shares(owners, each);
    for (uint64_t i = 0; i < blocks % owners; ++i) ++shares[order[i]];
    Partition made{{0}};
    for (uint64_t o = 0; o < owners; ++o) {
      made.cuts.push_back(made.cuts.back() + shares[o] * k_padding_cells);
      load[o] += shares[o] * cost;
    }
    parts.push_back(std::move(made));
  }
  return parts;
}

uint64_t most_owners(const plan::Run& run) {
  uint64_t blocks = 0;
  for (const plan::Population& population : run.populations) blocks += blocks_of(population);
  return std::max<uint64_t>(blocks, 1);
}

}  // namespace eic::state
