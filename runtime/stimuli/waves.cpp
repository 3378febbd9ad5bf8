// Each kind of current: what flows in a step. Stimuli are evaluated at t_k, the begin of step k, or where in the step the method
// wants them (plan::Run::currents_at); what changes on the grid alone is the same anywhere in it.
#include <cmath>
#include <numbers>

#include "runtime/contract/check.h"
#include "runtime/random/elementary.h"
#include "runtime/stimuli/currents.h"

namespace eic::stimuli {

namespace {

using Values = std::vector<double>;

class Step final : public Current {
 public:
  Step(const plan::Stimulus& plan, std::vector<uint32_t> cells, Values amplitude)
      : Current(plan, std::move(cells)), amplitude_(std::move(amplitude)) {}
  bool stays() const override { return true; }
  void add(uint64_t, double* sums) override {
    for (uint64_t i = 0; i < cells_.size(); ++i) sums[cells_[i]] += amplitude_[i];
  }

 private:
  Values amplitude_;
};

class Pulses final : public Current {
 public:
  Pulses(const plan::Stimulus& plan, std::vector<uint32_t> cells, Values amplitude)
      : Current(plan, std::move(cells)), amplitude_(std::move(amplitude)), width_(plan.width), period_(plan.period) {
    const uint64_t room = (to_ - from_) / period_;
    if (plan.count <= room) to_ = from_ + plan.count * period_;
  }
  bool stays() const override { return true; }
  uint64_t next_change(uint64_t step) const override {
    if (step < from_ || step >= to_) return Current::next_change(step);
    const uint64_t place = (step - from_) % period_, begin = step - place;
    if (place < width_) return std::min(begin + width_, to_);
    return to_ - begin > period_ ? begin + period_ : to_;
  }
  void add(uint64_t step, double* sums) override {
    if ((step - from_) % period_ >= width_) return;
    for (uint64_t i = 0; i < cells_.size(); ++i) sums[cells_[i]] += amplitude_[i];
  }

 private:
  Values amplitude_;
  uint64_t width_, period_;
};

// From one amplitude at `from` to the other at `to`, or at the end of the run.
class Ramp final : public Current {
 public:
  Ramp(const plan::Stimulus& plan, std::vector<uint32_t> cells, Values begin, const Values& end, const plan::Run& run)
      : Current(plan, std::move(cells)), begin_(std::move(begin)), rise_(end), at_(run.currents_at) {
    for (uint64_t i = 0; i < rise_.size(); ++i) rise_[i] -= begin_[i];
    const uint64_t last = to_ == UINT64_MAX ? std::max(run.steps, from_ + 1) : to_;
    length_ = static_cast<double>(last - from_);
  }
  void add(uint64_t step, double* sums) override {
    const double share = (static_cast<double>(step - from_) + at_) / length_;
    for (uint64_t i = 0; i < cells_.size(); ++i) sums[cells_[i]] += begin_[i] + share * rise_[i];
  }

 private:
  Values begin_, rise_;
  double at_, length_;
};

struct SineCosine {
  double sine, cosine;
};

// Reduced to an eighth of a turn, then Taylor's series. No library, so no other bits elsewhere.
SineCosine of_turns(double turns) {
  double rest = turns - std::floor(turns + 0.5);
  const double quarter = std::floor(4 * rest + 0.5);
  rest -= quarter / 4;
  const double x = 2 * std::numbers::pi * rest, z = x * x;
  double sine = 1, cosine = 1;
  for (int n = 17; n >= 3; n -= 2) sine = 1 - sine * z / (n * (n - 1));
  for (int n = 18; n >= 2; n -= 2) cosine = 1 - cosine * z / (n * (n - 1));
  sine *= x;
  switch (static_cast<int>(quarter) & 3) {
    case 0: return {sine, cosine};
    case 1: return {cosine, -sine};
    case 2: return {-sine, -cosine};
    default: return {-cosine, sine};
  }
}

// offset + amplitude·sin(2π·frequency·(t − from) + phase): one sine and cosine a step, whatever the phases of the cells.
class Sine final : public Current {
 public:
  Sine(const plan::Stimulus& plan, std::vector<uint32_t> cells, const Values& amplitude, Values offset, const Values& phase,
       const plan::Run& run)
      : Current(plan, std::move(cells)), offset_(std::move(offset)), turns_a_step_(plan.frequency * run.dt), at_(run.currents_at) {
    for (uint64_t i = 0; i < amplitude.size(); ++i) {
      const SineCosine at_start = of_turns(phase[i] / (2 * std::numbers::pi));
      sine_.push_back(amplitude[i] * at_start.cosine);
      cosine_.push_back(amplitude[i] * at_start.sine);
    }
  }
  void add(uint64_t step, double* sums) override {
    const SineCosine now = of_turns(turns_a_step_ * (static_cast<double>(step - from_) + at_));
    for (uint64_t i = 0; i < cells_.size(); ++i) sums[cells_[i]] += offset_[i] + (sine_[i] * now.sine + cosine_[i] * now.cosine);
  }

 private:
  Values sine_, cosine_, offset_;
  double turns_a_step_, at_;
};

// mean + sd·y with y of mean 0, sd 1 and correlation e^(−|s|/tau): the exact update over dt, begun in its stationary state.
class OuNoise final : public Current {
 public:
  OuNoise(const Request& request, std::vector<uint32_t> cells, uint64_t first, Values mean, Values sd)
      : Current(request.stimulus, std::move(cells)), mean_(std::move(mean)), sd_(std::move(sd)), key_(request.key("noise")), first_(first) {
    y_.resize(cells_.size());
    kept_ = random::exp(-request.run.dt / request.stimulus.tau);
    const double lost = 2 * request.run.dt / request.stimulus.tau;  // 1 − kept², without cancellation where dt ≪ tau
    fresh_ = std::sqrt(lost < 1e-3 ? lost * (1 - lost / 2 * (1 - lost / 3 * (1 - lost / 4))) : 1 - kept_ * kept_);
  }
  void add(uint64_t step, double* sums) override {
    const double kept = step == from_ ? 0 : kept_, fresh = step == from_ ? 1 : fresh_;
    uint64_t pair = UINT64_MAX;
    philox4x32_ctr_t words = {};
    for (uint64_t i = 0; i < cells_.size(); ++i) {
      const uint64_t cell = first_ + cells_[i];
      if (cell / 2 != pair) words = random::words_at(key_, pair = cell / 2, step);  // a block serves two cells
      const uint64_t at = cell % 2 * 2;
      y_[i] = kept * y_[i] + fresh * random::normal_quantile(random::open_uniform(words.v[at], words.v[at + 1]));
      sums[cells_[i]] += mean_[i] + sd_[i] * y_[i];
    }
  }

 private:
  Values mean_, sd_, y_;
  double kept_, fresh_;
  random::Key key_;
  uint64_t first_;  // of the owner's cells
};

class Waveform final : public Current {
 public:
  Waveform(const plan::Stimulus& plan, std::vector<uint32_t> cells, Series series, const plan::Run& run)
      : Current(plan, std::move(cells)), wave_(std::move(series)), dt_(run.dt), at_(run.currents_at) {}
  void add(uint64_t step, double* sums) override {
    const double now = wave_.at((static_cast<double>(step) + at_) * dt_);
    for (const uint32_t cell : cells_) sums[cell] += now;
  }

 private:
  Interpolated wave_;
  double dt_, at_;
};

// Reads several settings; the first complaint stays.
class Reader {
 public:
  Reader(const Request& request, const std::vector<uint32_t>& cells) : request_(request), cells_(cells) {}
  Values operator()(const plan::Draw& draw, const char* setting) {
    auto values = values_of(request_, cells_, draw, setting);
    if (values) return std::move(*values);
    if (!error) error = std::move(values.error());
    return {};
  }
  std::optional<RunError> error;

 private:
  const Request& request_;
  const std::vector<uint32_t>& cells_;
};

// The settings of all cells, by name as the kind reads them.
struct Settings {
  Values a, b, c;
  std::optional<Series> series;
};

Result<Settings, RunError> settings_of(const Request& request, const std::vector<uint32_t>& cells) {
  using K = plan::Stimulus::Kind;
  const plan::Stimulus& plan = request.stimulus;
  Reader read(request, cells);
  Settings settings;
  switch (plan.kind) {
    case K::Step:
    case K::Pulses: settings.a = read(plan.amplitude, "amplitude"); break;
    case K::Ramp:
      settings.a = read(plan.amplitude, "from_amplitude");
      settings.b = read(plan.to_amplitude, "to_amplitude");
      break;
    case K::Sine:
      settings.a = read(plan.amplitude, "amplitude");
      settings.b = read(plan.offset, "offset");
      settings.c = read(plan.phase, "phase");
      break;
    case K::OuNoise:
      settings.a = read(plan.amplitude, "mean");
      settings.b = read(plan.sd, "sd");
      break;
    case K::Waveform: {
      auto series = series_of(request, plan.series);
      if (!series) return Failure{std::move(series.error())};
      settings.series = std::move(*series);
      break;
    }
    case K::Clamp:
    case K::Poisson:
    case K::SpikeTimes: internal_error(__FILE__, __LINE__, "a stimulus that is no current");
  }
  if (read.error) return Failure{std::move(*read.error)};
  return settings;
}

// `cells` count from the owner's first; the settings are those of its cells.
std::unique_ptr<Current> make_part(const Request& request, std::vector<uint32_t> cells, uint64_t first, Settings own) {
  using K = plan::Stimulus::Kind;
  const plan::Stimulus& plan = request.stimulus;
  const plan::Run& run = request.run;
  switch (plan.kind) {
    case K::Step: return std::make_unique<Step>(plan, std::move(cells), std::move(own.a));
    case K::Pulses: return std::make_unique<Pulses>(plan, std::move(cells), std::move(own.a));
    case K::Ramp: return std::make_unique<Ramp>(plan, std::move(cells), std::move(own.a), own.b, run);
    case K::Sine: return std::make_unique<Sine>(plan, std::move(cells), own.a, std::move(own.b), own.c, run);
    case K::OuNoise: return std::make_unique<OuNoise>(request, std::move(cells), first, std::move(own.a), std::move(own.b));
    case K::Waveform: return std::make_unique<Waveform>(plan, std::move(cells), std::move(*own.series), run);
    case K::Clamp:
    case K::Poisson:
    case K::SpikeTimes: break;
  }
  internal_error(__FILE__, __LINE__, "a stimulus that is no current");
}

}  // namespace

Result<std::vector<std::unique_ptr<Current>>, RunError> make_current(const Request& request, const state::Partition& partition) {
  const std::vector<uint32_t> cells = cells_of(request.stimulus);
  const auto settings = settings_of(request, cells);
  if (!settings) return Failure{settings.error()};
  std::vector<std::unique_ptr<Current>> made(partition.owners());
  for (uint64_t owner = 0; owner < made.size(); ++owner) {
    const Places places = places_of(cells, partition, owner);
    if (places.empty()) continue;
    std::vector<uint32_t> own = places.of(cells);
    for (uint32_t& cell : own) cell -= static_cast<uint32_t>(partition.begin(owner));
    const auto of = [&](const Values& values) { return values.empty() ? Values() : places.of(values); };
    made[owner] = make_part(request, std::move(own), partition.begin(owner),
                            {of(settings->a), of(settings->b), of(settings->c), settings->series});
  }
  return made;
}

}  // namespace eic::stimuli
