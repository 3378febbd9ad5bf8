#include "runtime/stimuli/events.h"

#include "runtime/contract/check.h"

namespace eic::stimuli {

Result<Events, RunError> Events::make(const Request& request, const Port& port) {
  const plan::Stimulus& plan = request.stimulus;
  EIC_CHECK(port.column != nullptr || port.handler != nullptr, "a port has a column to add to or an event function");
  Events made;
  made.port_ = port;
  made.from_ = plan.from_step;
  made.to_ = plan.to_step;
  made.cells_ = cells_of(plan);
  auto weights = values_of(request, made.cells_, plan.weight, "weight");
  if (!weights) return Failure{std::move(weights.error())};
  made.weights_ = std::move(*weights);
  const bool random = plan.kind == plan::Stimulus::Kind::Poisson;
  auto arrivals = random ? make_poisson(request, made.cells_) : make_spike_times(request, made.cells_);
  if (!arrivals) return Failure{std::move(arrivals.error())};
  made.arrivals_ = std::move(*arrivals);
  return made;
}

template <class R>
void Events::deliver_as() {
  if (port_.column != nullptr) {
    auto* column = static_cast<R*>(port_.column);
    for (const uint32_t place : places_) column[cells_[place]] += static_cast<R>(weights_[place]);
    return;
  }
  targets_.clear();
  event_weights_.resize(places_.size());
  auto* weights = reinterpret_cast<R*>(event_weights_.data());
  for (const uint32_t place : places_) {
    weights[targets_.size()] = static_cast<R>(weights_[place]);
    targets_.push_back(cells_[place]);
  }
  EventArgs args;
  args.constant_weight = 0;
  args.columns = port_.columns;
  args.uniforms = port_.uniforms;
  args.targets = targets_.data();
  args.count = targets_.size();
  args.weights = weights;
  port_.handler(&args);
}

void Events::deliver(uint64_t step) {
  if (step < from_ || step >= to_) return;
  places_.clear();
  arrivals_->arrive(step, places_);
  if (places_.empty()) return;
  if (port_.single) {
    deliver_as<float>();
  } else {
    deliver_as<double>();
  }
}

}  // namespace eic::stimuli
