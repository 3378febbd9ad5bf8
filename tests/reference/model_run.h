// In: a model's file below the project's root. Out: what one of its simulations does, run in this process as `eic run` and
// `eic test` run it. For the tests of this folder.
#pragma once
#include <boost/test/unit_test.hpp>

#include <string>

#include "compiler/compile.h"
#include "runtime/engine/engine.h"
#include "runtime/record/stores.h"

namespace eic::reference {

inline std::string path(const std::string& file) { return std::string(EIC_ROOT "/") + file; }

// A file with one simulation; settings as of `--set`: {"current", "0.2 nA"}.
inline std::unique_ptr<Front> load(const std::string& file, const std::vector<SetOption>& settings = {}) {
  auto front = std::make_unique<Front>();
  BOOST_REQUIRE_MESSAGE(read_model(*front, path(file), nullptr, settings), file << " has errors");
  BOOST_REQUIRE_EQUAL(front->model->simulations.size(), 1);
  return front;
}

inline Compiled compiled(Front& front, const CompileOptions& options = {}) {
  auto made = compile(front, front.model->simulations[0], options);
  BOOST_REQUIRE(made.has_value());
  return std::move(*made);
}

struct Recorded {
  record::SpikeStore spikes;
  record::TraceStore traces;
};

inline Recorded run(const plan::Run& run, const KernelSet& kernels, unsigned threads = 1) {
  auto engine = engine::Engine::build(run, kernels, {.threads = threads});
  if (!engine) BOOST_FAIL(engine.error().message);
  Recorded recorded;
  record::Recorder* recorders[] = {&recorded.spikes, &recorded.traces};
  engine::Finished finished = engine->run(recorders);
  BOOST_REQUIRE(finished.outcome == record::Outcome::Complete);
  return recorded;
}

}  // namespace eic::reference
