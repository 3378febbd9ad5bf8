#include "runtime/stimuli/events.h"

#include "runtime/contract/check.h"

namespace eic::stimuli {

Result<std::vector<Events>, RunError> Events::make(const Request& request, const std::vector<Port>& ports,
                                                   const state::Partition& partition) {
  const plan::Stimulus& plan = request.stimulus;
  EIC_CHECK(ports.size() == partition.owners(), "a port an owner");
  const std::vector<uint32_t> cells = cells_of(plan);
  const auto weights = values_of(request, cells, plan.weight, "weight");
  if (!weights) return Failure{weights.error()};
  const bool random = plan.kind == plan::Stimulus::Kind::Poisson;
  auto arrivals = random ? make_poisson(request, cells, partition) : make_spike_times(request, cells, partition);
  if (!arrivals) return Failure{std::move(arrivals.error())};
  std::vector<Events> made(partition.owners());
  for (uint64_t owner = 0; owner < made.size(); ++owner) {
    const Places places = places_of(cells, partition, owner);
    Events& own = made[owner];
    own.port_ = ports[owner];
    EIC_CHECK(own.port_.column != nullptr || own.port_.handler != nullptr, "a port has a column to add to or an event function");
    own.from_ = plan.from_step;
    own.to_ = places.empty() ? 0 : plan.to_step;
    own.cells_ = places.of(cells);
    own.weights_ = places.of(*weights);
    own.arrivals_ = std::move((*arrivals)[owner]);
  }
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

uint64_t Events::deliver(uint64_t step) {
  if (step < from_ || step >= to_) return 0;
  places_.clear();
  arrivals_->arrive(step, places_);
  if (places_.empty()) return 0;
  if (port_.single) {
    deliver_as<float>();
  } else {
    deliver_as<double>();
  }
  return places_.size();
}

}  // namespace eic::stimuli
