#include "runtime/connect/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "runtime/connect/layout.h"
#include "runtime/connect/parallel.h"

namespace eic::connect {

namespace {

constexpr double k_chunk_synapses = 32768;  // stay in the second level of the cache until they are copied

// Where chunks meet: each waits for the one before to say how many synapses there are so far.
class Places {
 public:
  Places(const Request& request, Drawn& drawn, double expected, uint64_t target_bytes)
      : request_(request), drawn_(drawn), target_bytes_(target_bytes), room_(static_cast<uint64_t>(expected)) {
    drawn.targets = state::Array(room_ * target_bytes_);
  }

  // The first place of the chunk, whose turn then passes; release() says that it has been filled.
  Result<uint64_t, RunError> take(uint64_t chunk, uint64_t synapses) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return turn_ == chunk; });
    const uint64_t begin = drawn_.synapses;
    std::optional<RunError> error;
    if (begin + synapses > room_) {
      changed_.wait(lock, [&] { return copying_ == 0; });
      error = grow(begin + synapses);
    }
    if (!error) {
      drawn_.synapses += synapses;
      ++copying_;
    }
    ++turn_;
    changed_.notify_all();
    if (error) return Failure{std::move(*error)};
    return begin;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    if (--copying_ == 0) changed_.notify_all();
  }
  // The turn of a chunk that failed.
  void pass(uint64_t chunk) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return turn_ == chunk; });
    ++turn_;
    changed_.notify_all();
  }

 private:
  static constexpr uint64_t k_least_more = 1 << 16;

  std::optional<RunError> grow(uint64_t needed) {
    const uint64_t more = std::max({room_ / 2, k_least_more, needed - room_});
    const std::string what = fmt::format("the synapses of `{}`", request_.projection.name);
    const double bytes = static_cast<double>(more) * request_.bytes_a_synapse(target_bytes_);
    if (auto error = request_.budget.need(bytes, what, request_.projection.origin)) return error;
    room_ += more;
    drawn_.targets.grow(room_ * target_bytes_);
    return std::nullopt;
  }

  const Request& request_;
  Drawn& drawn_;
  const uint64_t target_bytes_;
  std::mutex mutex_;  // of what follows and of the number of synapses
  std::condition_variable changed_;
  uint64_t room_, turn_ = 0, copying_ = 0;
};

// A chunk's turn, which passes even when the chunk fails.
class Turn {
 public:
  Turn(Places& places, uint64_t chunk) : places_(places), chunk_(chunk) {}
  Turn(const Turn&) = delete;
  ~Turn() {
    if (!taken_) places_.pass(chunk_);
  }
  Result<uint64_t, RunError> take(uint64_t synapses) {
    taken_ = true;
    return places_.take(chunk_, synapses);
  }

 private:
  Places& places_;
  const uint64_t chunk_;
  bool taken_ = false;
};

// What one thread has drawn of the chunk at hand.
template <class T>
struct Worker {
  std::unique_ptr<RowDrawer> drawer;
  std::vector<T> targets;
  std::vector<uint64_t> begins;  // of each row and block, from the chunk's first place

  // Appends one row, cut into blocks.
  void add(std::span<const uint32_t> row, const std::vector<Block>& blocks, uint64_t to_begin, uint64_t& used) {
    if (used + row.size() > targets.size()) targets.resize(std::max(2 * targets.size(), used + row.size()));
    T* to = targets.data() + used;
    const uint32_t *next = row.data(), *const end = next + row.size();
    for (uint64_t b = 0; b < blocks.size(); ++b) {
      const uint64_t past = blocks[b].first + blocks[b].cells - to_begin;  // within the projection
      const uint32_t* until = b + 1 < blocks.size() ? std::lower_bound(next, end, past) : end;
      const auto shift = static_cast<uint32_t>(to_begin - blocks[b].base);
      begins.push_back(used);
      used += static_cast<uint64_t>(until - next);
      for (; next < until; ++next) *to++ = static_cast<T>(*next + shift);
    }
  }
};

template <class T>
std::optional<RunError> draw_chunks(const Request& request, double expected, const std::function<std::unique_ptr<RowDrawer>()>& make,
                                    Drawn& drawn) {
  const uint64_t rows = request.sources(), blocks = drawn.blocks.size();
  const double a_row = std::max(expected / static_cast<double>(std::max<uint64_t>(rows, 1)), static_cast<double>(blocks));
  const auto chunk_rows = static_cast<uint64_t>(std::clamp(k_chunk_synapses / a_row, 1.0, k_chunk_synapses));
  Places places(request, drawn, expected, sizeof(T));
  const uint32_t threads = request.threads_for(expected > 0 ? expected : static_cast<double>(rows) * static_cast<double>(request.targets()));
  std::vector<Worker<T>> workers(threads);
  const auto draw = [&](uint64_t chunk, uint32_t number) -> std::optional<RunError> {
    Turn turn(places, chunk);
    Worker<T>& worker = workers[number];
    if (!worker.drawer) worker.drawer = make();
    worker.begins.clear();
    const uint64_t first = chunk * chunk_rows, end = std::min(first + chunk_rows, rows);
    uint64_t used = 0;
    for (uint64_t row = first; row < end; ++row) {
      worker.add(worker.drawer->row(row), drawn.blocks, request.projection.to.begin, used);
      if (worker.drawer->error) return std::move(worker.drawer->error);
    }
    auto begin = turn.take(used);
    if (!begin) return std::move(begin.error());
    uint64_t* offsets = drawn.offsets.as<uint64_t>() + first * blocks;
    for (const uint64_t at : worker.begins) *offsets++ = *begin + at;
    std::memcpy(drawn.targets.as<T>() + *begin, worker.targets.data(), used * sizeof(T));
    places.release();
    return std::nullopt;
  };
  return for_chunks(threads, request.interrupt, (rows + chunk_rows - 1) / chunk_rows, draw);
}

}  // namespace

Result<Drawn, RunError> draw_by_rows(const Request& request, double expected, const std::function<std::unique_ptr<RowDrawer>()>& make) {
  Layout layout = layout_of(request);
  Drawn drawn;
  drawn.rows = request.sources();
  drawn.blocks = std::move(layout.blocks);
  drawn.narrow = layout.narrow;
  const uint64_t pieces = drawn.rows * drawn.blocks.size();
  drawn.offsets = state::Array((pieces + 1) * sizeof(uint64_t));
  auto error = drawn.narrow ? draw_chunks<uint16_t>(request, expected, make, drawn) : draw_chunks<uint32_t>(request, expected, make, drawn);
  if (error) return Failure{std::move(*error)};
  drawn.offsets.as<uint64_t>()[pieces] = drawn.synapses;
  return drawn;
}

void Drawn::copy_targets(uint64_t row, uint64_t begin, uint64_t end, uint32_t* to) const {
  for (uint64_t b = 0; b < blocks.size() && begin < end; ++b) {
    const uint64_t until = std::min(end, begin_of(row, b + 1));  // past the last block: the next row
    const auto base = static_cast<uint32_t>(blocks[b].base);
    for (; begin < until; ++begin) *to++ = base + (narrow ? targets.as<uint16_t>()[begin] : targets.as<uint32_t>()[begin]);
  }
}

}  // namespace eic::connect
