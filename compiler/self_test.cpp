#include "compiler/self_test.h"

#include "compiler/compile.h"
#include "compiler/walk.h"

namespace eic {

namespace {

const std::string k_model = R"(use std.channels { Na_TM1991, K_TM1991, Leak }
use std.synapses { ExpCond }
cell HH {
  area = 20000 um^2, capacitance = 1 uF/cm^2
  ion na { E = 50 mV }
  ion k { E = -90 mV }
  channel INa : Na_TM1991 on na { g = 100 mS/cm^2, V_sh = -63 mV }
  channel IK : K_TM1991 on k { g = 30 mS/cm^2, V_sh = -63 mV }
  channel IL : Leak { g = 5e-5 S/cm^2, E = -60 mV }
  synapse exc : ExpCond { tau = 5 ms, E = 0 mV }
  synapse inh : ExpCond { tau = 10 ms, E = -80 mV }
  init v = -65 mV
  spike when v crosses -20 mV
}
network Net { population N : HH[1] }
simulate walk of Net { duration = 1 ms, dt = 0.1 ms, record spikes of N }
)";

constexpr size_t k_cells = 67, k_steps = 300;

// What the code compiled at one width does differently.
template <class R>
std::string fault_at(uint32_t width, const Front& front, const plan::Planned& planned, const Walk<R>& walk,
                     const typename Walk<R>::History& wanted) {
  jit::Options options;
  options.precision = sizeof(R) == 4 ? ir::Precision::Single : ir::Precision::Double;
  options.width = width;
  auto jit = jit::Jit::create(options);
  if (!jit) return jit.error();
  auto kernels = (*jit)->compile(jit_units(planned), planned.kernels.size(), front.sources);
  if (!kernels) return kernels.error();
  return walk.difference(wanted, walk.compiled(kernels->populations[0])).value_or("");
}

template <class R>
std::vector<SelfTest> compare(const std::vector<uint32_t>& widths, const Front& front, const plan::Planned& planned) {
  Walk<R> walk(planned.run.populations[0], k_cells, k_steps);
  auto wanted = walk.interpreted(planned.kernels[0]);
  std::vector<SelfTest> all;
  for (uint32_t width : widths)
    all.push_back(
        {sizeof(R) == 4, width, k_cells, k_steps, wanted.spikes.size(), fault_at<R>(width, front, planned, walk, wanted)});
  return all;
}

}  // namespace

std::vector<SelfTest> self_test(bool single, const std::vector<uint32_t>& widths) {
  Front front;
  EIC_CHECK(read_model(front, "(self-test)", &k_model, {}), "the model of the self-test has errors");
  CompileOptions options;
  options.choices.single = single;
  auto planned = plan_run(front, front.model->simulations[0], options);
  EIC_CHECK(planned, "the model of the self-test cannot be planned");
  return single ? compare<float>(widths, front, *planned) : compare<double>(widths, front, *planned);
}

}  // namespace eic
