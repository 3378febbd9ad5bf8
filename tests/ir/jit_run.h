// Compiles one hand-made function and runs it over a population, as the engine would. For the tests of lowering and JIT.
#pragma once
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <memory>

#include "compiler/jit/jit.h"
#include "compiler/jit/population.h"

namespace eic::hand {

template <class R>
constexpr ir::Precision precision_of = sizeof(R) == 4 ? ir::Precision::Single : ir::Precision::Double;

using jit::Population;

struct Compiled {
  std::unique_ptr<jit::Jit> jit;
  PopulationKernel kernel;
};

inline Compiled compile(const ir::Function& function, const jit::Options& options, jit::Role role = jit::Role::Step) {
  auto jit = jit::Jit::create(options);
  BOOST_REQUIRE(jit.ok());
  source::SourceSet sources;
  auto set = (*jit)->compile({{.role = role, .function = function}}, 1, sources);
  BOOST_REQUIRE(set.ok());
  return {std::move(*jit), set->populations[0]};
}

// Equal bits; one NaN is as good as another, for which operand's payload survives is the processor's choice.
template <class R>
bool same_bits(R a, R b) {
  return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof(R)) == 0;
}

}  // namespace eic::hand
