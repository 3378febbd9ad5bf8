#include "runtime/engine/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "runtime/contract/subnormals.h"
#include "runtime/engine/watch.h"

namespace eic::engine {

namespace {

constexpr uint64_t k_longest_batch = 16;             // more gains nothing, and spikes of a batch wait in memory
constexpr uint64_t k_cell_steps_of_a_batch = 1 << 22;  // a signal is heard between batches

RunError time_limit_error(const Options& options, double t_ms) {
  return {RunError::Kind::Limit,
          fmt::format("the time limit of {:.6g} s was reached at t = {:.10g} ms", options.time_limit_s, t_ms), {}, {}};
}

unsigned team_size(const Network& network) { return network.team ? network.team->size() : 1; }

}  // namespace

Loop::Loop(Network& network, Recorders recorders, const Hooks& hooks)
    : network_(network),
      recorders_(recorders),
      hooks_(hooks),
      tempo_(team_size(network), network.options.threads == 0),
      owners_(network.owners),
      read_(network.owners),
      fractions_read_(network.owners) {
  together_ = !network.gaps && std::none_of(network.rules.begin(), network.rules.end(), [](const auto& rule) { return rule != nullptr; });
  if (together_) {
    const uint64_t most = std::max<uint64_t>(k_cell_steps_of_a_batch / (network.built.cells + 1), 1);
    longest_batch_ = std::min({network.shortest_delay, k_longest_batch, most});
  }
  if (!network.options.profile) return;
  profile_.threads.resize(team_size(network));
  for (Tally& tally : profile_.threads) {
    tally.deliver_s.resize(network.plan->projections.size());
    tally.events.resize(network.plan->projections.size());
    tally.send_s.resize(network.events.size());
    tally.sent.resize(network.events.size());
    tally.input_s.resize(network.populations.size());
    tally.update_s.resize(network.populations.size());
  }
}

// A row that is due ends a batch; what of it has to be captured needs a step of its own.
uint64_t Loop::batch_end(uint64_t step) const {
  uint64_t end = std::min(step + longest_batch_, network_.plan->steps);
  if (network_.next_phase < network_.plan->phases.size()) {
    const uint64_t begin = network_.plan->phases[network_.next_phase].steps.begin;
    if (begin > step) end = std::min(end, begin);
  }
  for (uint64_t row = step + 1; row <= end; ++row) {
    if (!network_.traces->due(row)) continue;
    return row > step + 1 && network_.traces->captures(row) ? row - 1 : row;
  }
  return end;
}

void Loop::all(const Job& job) {
  job_ = job;
  job_.threads = tempo_.threads();
  Lap lap(!profile_.threads.empty());
  if (job_.threads == 1) part(0);
  else network_.team->run(job_.threads, part_);
  if (profile_.threads.empty()) return;
  double whole_s = 0;
  lap.to(whole_s);
  for (unsigned i = 0; i < profile_.threads.size(); ++i) {
    Tally& tally = profile_.threads[i];
    if (i < job_.threads) tally.wait_s += std::max(0.0, whole_s - tally.job_s);
    tally.job_s = 0;
  }
}

void Loop::part(unsigned thread) {
  const FlushSubnormals flush;
  Tally* tally = profile_.threads.empty() ? nullptr : &profile_.threads[thread];
  const auto [begin, end] = owners_of(network_, thread, job_.threads);
  for (uint64_t owner = begin; owner < end; ++owner) work(owner, tally);
}

void Loop::work(uint64_t owner, Tally* tally) {
  const Job& job = job_;
  Lap whole(tally != nullptr), lap(tally != nullptr);
  if (job.update) {
    owners_[owner].raised.clear();
    owners_[owner].fractions.clear();
    owners_[owner].counts.clear();
  }
  for (uint64_t step = job.begin; step < job.end; ++step) {
    for (Population& population : network_.populations) population.set_time(owner, network_.time(step));
    for (uint64_t d = job.deliver_begin; d < job.deliver_end; ++d) {
      const events::Delivery& delivery = network_.deliveries[d];
      const uint64_t events = events::deliver(delivery, step, owner);
      if (tally == nullptr) continue;
      tally->events[delivery.projection] += events;
      lap.to(tally->deliver_s[delivery.projection]);
    }
    for (uint64_t s = 0; job.send && s < network_.events.size(); ++s) {
      const uint64_t events = network_.events[s][owner].deliver(step);
      if (tally == nullptr) continue;
      tally->sent[s] += events;
      lap.to(tally->send_s[s]);
    }
    for (uint32_t p = 0; job.gaps && p < network_.populations.size(); ++p) {
      network_.gaps->update(p, network_.populations[p].begin(owner), network_.populations[p].end(owner));
      if (tally != nullptr) lap.to(tally->gaps_s);
    }
    if (job.update && !update(owner, step, lap, tally)) break;
  }
  if (tally != nullptr) whole.to(tally->job_s);
}

// False at a fault.
bool Loop::update(uint64_t owner, uint64_t step, Lap& lap, Tally* tally) {
  Owner& own = owners_[owner];
  for (uint32_t p = 0; p < network_.populations.size(); ++p) {
    Population& population = network_.populations[p];
    network_.currents[p][owner].update(step, population.columns());
    network_.clamps[p][owner].update(step, population.columns());
    network_.noise[p].update(step, population.columns(), population.begin(owner), population.end(owner));
    if (tally != nullptr) lap.to(tally->input_s[p]);
    if (auto fault = population.step(owner)) {
      own.fault = fault;
      own.fault_step = step;
      own.fault_population = p;
      return false;
    }
    const auto cells = population.spikes(owner);
    own.raised.insert(own.raised.end(), cells.begin(), cells.end());
    const auto fractions = population.fractions(owner);
    own.fractions.insert(own.fractions.end(), fractions.begin(), fractions.end());
    own.counts.push_back(cells.size());
    if (tally != nullptr) lap.to(tally->update_s[p]);
  }
  return true;
}

// Stages of one step, where something depends on all cells, or on a projection that one thread delivers.
std::optional<RunError> Loop::take_in_stages(uint64_t step) {
  Job job{1, step, step + 1};
  const auto deliver = [&](uint64_t end) {
    job.deliver_end = end;
    if (job.deliver_begin < job.deliver_end || job.send) all(job);
    job.deliver_begin = end;
  };
  Tally* tally = profile_.threads.empty() ? nullptr : profile_.threads.data();
  for (uint64_t d = 0; d < network_.deliveries.size(); ++d) {
    const events::Delivery& delivery = network_.deliveries[d];
    if (delivery.rule == nullptr) continue;
    deliver(d);
    Lap lap(tally != nullptr);
    for (Population& population : network_.populations) population.set_time(0, network_.time(step));
    if (const auto fault = delivery.rule->begin(step)) return plastic_fault(*network_.plan, delivery.projection, *fault, step);
    const uint64_t events = events::deliver(delivery, step, 0);
    job.deliver_begin = d + 1;
    if (tally == nullptr) continue;
    tally->events[delivery.projection] += events;
    lap.to(tally->deliver_s[delivery.projection]);
  }
  job.send = true;
  deliver(network_.deliveries.size());
  job.send = false;
  if (network_.gaps) {
    job.gaps = true;
    all(job);  // from the v that all cells have now
    job.gaps = false;
  }
  Lap lap(tally != nullptr);
  network_.traces->capture(step + 1);
  if (tally != nullptr) lap.to(tally->record_s);
  job.update = true;
  all(job);
  return std::nullopt;
}

// Of all owners the earliest; in a step in the order of populations, then cells.
std::optional<RunError> Loop::first_fault() {
  const Owner* first = nullptr;
  const auto order = [](const Owner& own) { return std::tuple(own.fault_step, own.fault_population, own.fault->cell); };
  for (const Owner& own : owners_) {
    if (own.fault && (first == nullptr || order(own) < order(*first))) first = &own;
  }
  if (first == nullptr) return std::nullopt;
  taken_ = first->fault_step;
  return numerical_fault(*network_.plan, network_.populations[first->fault_population], *first->fault, first->fault_step);
}

std::optional<RunError> Loop::take(uint64_t begin, uint64_t end) {
  if (together_ && !(end == begin + 1 && network_.traces->captures(end))) {
    all({1, begin, end, 0, network_.deliveries.size(), true, false, true});
  } else if (auto error = take_in_stages(begin)) {
    return error;
  }
  taken_ = end;
  return first_fault();
}

// The spikes of complete steps, into the rings and to the recorders.
void Loop::hand_on(uint64_t begin, uint64_t end) {
  const uint64_t populations = network_.populations.size();
  std::fill(read_.begin(), read_.end(), 0);
  std::fill(fractions_read_.begin(), fractions_read_.end(), 0);
  for (uint64_t step = begin; step < end; ++step) {
    for (uint32_t p = 0; p < populations; ++p) {
      const uint64_t at = (step - begin) * populations + p;
      uint64_t count = 0;
      for (const Owner& own : owners_) count += own.counts[at];
      const std::span<uint32_t> cells = network_.populations[p].ring().make_room(step, count);
      const bool interpolated = network_.populations[p].plan().interpolated;
      std::vector<double> fractions;
      auto into = cells.begin();
      for (uint64_t owner = 0; owner < owners_.size(); ++owner) {
        const Owner& own = owners_[owner];
        into = std::copy_n(own.raised.begin() + static_cast<int64_t>(read_[owner]), own.counts[at], into);
        read_[owner] += own.counts[at];
        if (!interpolated) continue;
        const auto first = own.fractions.begin() + static_cast<int64_t>(fractions_read_[owner]);
        fractions.insert(fractions.end(), first, first + static_cast<int64_t>(own.counts[at]));
        fractions_read_[owner] += own.counts[at];
      }
      if (cells.empty()) continue;
      for (record::Recorder* recorder : recorders_) recorder->spikes(p, step, {cells, fractions});
    }
  }
}

// A full disk should end a long run soon, not when it is over.
bool Loop::any_faulted(uint64_t step) {
  constexpr uint64_t k_every = 256;
  if (step < next_fault_look_) return false;
  next_fault_look_ = step + k_every;
  return std::any_of(recorders_.begin(), recorders_.end(), [](const record::Recorder* recorder) { return recorder->faulted(); });
}

Finished Loop::run() {
  const FlushSubnormals flush;
  Finished finished;
  const uint64_t steps = network_.plan->steps;
  Watch watch(hooks_, network_.options, network_.built.cells, steps);
  network_.traces->capture(0);
  network_.traces->emit(0, 0, recorders_);
  for (Population& population : network_.populations) population.prime();
  while (taken_ < steps) {
    if (watch.interrupted()) {
      finished.outcome = record::Outcome::Interrupted;
      break;
    }
    if (watch.look(taken_)) {
      finished.outcome = record::Outcome::Interrupted;
      finished.error = time_limit_error(network_.options, network_.time(taken_));
      break;
    }
    // a recorder's own error comes from its end()
    if (any_faulted(taken_) || (finished.error = enter_phases(network_, taken_))) {
      finished.outcome = record::Outcome::Failed;
      break;
    }
    const uint64_t begin = taken_, end = batch_end(begin);
    double seconds = 0;
    Lap lap(tempo_.measures());
    finished.error = take(begin, end);
    lap.to(seconds);
    tempo_.took(end - begin, seconds);
    Lap record(!profile_.threads.empty());
    hand_on(begin, taken_);
    if (finished.error) {
      finished.outcome = record::Outcome::Failed;
      break;
    }
    network_.traces->emit(end, network_.time(end), recorders_);
    if (!profile_.threads.empty()) record.to(profile_.threads[0].record_s);
  }
  finished.steps = taken_;
  finished.run_s = watch.elapsed_s();
  finished.threads = tempo_.used();
  profile_.run_s = finished.run_s;
  profile_.steps = taken_;
  finished.profile = std::move(profile_);
  return finished;
}

}  // namespace eic::engine
