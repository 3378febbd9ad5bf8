#include "compiler/compile.h"

#include <fmt/format.h>

#include <chrono>

#include "compiler/load.h"
#include "compiler/parse/parse.h"
#include "compiler/suggest_import.h"

namespace eic {

using diagnostics::Kind;

const source::Source* open_source(Front& front, const std::string& path, const std::string* text) {
  if (text) return &front.sources.add_text(path, *text);
  auto source = front.sources.load(path, path);
  if (source) return *source;
  const source::Source& nothing = front.sources.add_text(path, "");
  if (source.error().fault == source::LoadFault::TooLarge)
    front.emitter.emit(Kind::LimitFileSize, nothing.whole(), fmt::format("`{}` is too large: {}", path, source.error().detail));
  else
    front.emitter.emit(Kind::FileUnreadable, nothing.whole(),
                       fmt::format("`{}` cannot be read: {}", path, source.error().detail));
  return nullptr;
}

bool read_model(Front& front, const std::string& path, const std::string* text, const std::vector<SetOption>& options) {
  const source::Source* main = open_source(front, path, text);
  if (!main) return false;
  front.program = load(*main, front.sources, front.emitter);
  std::vector<sema::Setting> settings;
  std::vector<ast::ExprPtr> values;
  for (const SetOption& option : options) {
    const source::Source& line = front.sources.add_text("--set", option.path + "=" + option.value);
    const source::Source& value = front.sources.add_text("--set " + option.path, option.value);
    values.push_back(parse::parse_expression(value, front.emitter));
    if (values.back())
      settings.push_back({option.path, values.back().get(), {line.id(), 0, static_cast<uint32_t>(option.path.size())}});
  }
  if (!front.program || front.emitter.has_errors()) return false;
  front.model = sema::check(*front.program, settings, front.sources, front.emitter, front.index);
  suggest_imports(*front.program, front.emitter);
  return front.model.has_value();
}

std::optional<plan::Planned> plan_run(Front& front, const sema::Simulation& simulation, const CompileOptions& options) {
  return plan::plan(*front.model, simulation, options.choices, options.watch, front.emitter);
}

std::vector<jit::Unit> jit_units(const plan::Planned& planned) {
  std::vector<jit::Unit> units;
  auto add = [&](uint32_t k, jit::Role role, uint32_t port, ir::Function function) {
    function.name = planned.kernels[k].name;  // the JIT appends the role
    units.push_back({k, role, port, std::move(function)});
  };
  for (uint32_t k = 0; k < planned.kernels.size(); k++) {
    const plan::Kernel& kernel = planned.kernels[k];
    add(k, jit::Role::Step, 0, kernel.step);
    units.back().quick = kernel.quick_step;
    if (kernel.init) add(k, jit::Role::Init, 0, *kernel.init);
    if (kernel.prime) add(k, jit::Role::Prime, 0, *kernel.prime);
    if (kernel.observe) add(k, jit::Role::Observe, 0, *kernel.observe);
    for (uint32_t port = 0; port < kernel.events.size(); port++)
      if (!kernel.formulation.adds[port]) add(k, jit::Role::Event, port, kernel.events[port]);
  }
  for (const plan::RuleKernel& rule : planned.rules) {
    auto part = [&](jit::Role role, const std::optional<ir::Function>& function) {
      if (!function) return;
      units.push_back({rule.projection, role, 0, *function});
      units.back().function.name = rule.name;
    };
    part(jit::Role::SourceStep, rule.source_step);
    part(jit::Role::TargetStep, rule.target_step);
    part(jit::Role::PreCells, rule.pre.cells);
    part(jit::Role::PreSynapses, rule.pre.synapses);
    part(jit::Role::PostCells, rule.post.cells);
    part(jit::Role::PostSynapses, rule.post.synapses);
    part(jit::Role::Look, rule.look);
  }
  for (uint32_t i = 0; i < planned.pairs.size(); i++) units.push_back({i, jit::Role::Pair, 0, planned.pairs[i]});
  return units;
}

namespace {

std::unique_ptr<jit::Jit> make_jit(Front& front, bool single, const CompileOptions& options, source::Span at) {
  jit::Options jit_options;
  jit_options.precision = single ? ir::Precision::Single : ir::Precision::Double;
  jit_options.width = options.width;
  jit_options.avx512 = options.avx512;
  jit_options.cache = options.cache;
  jit_options.keep_text = options.keep_text;
  jit_options.gdb = options.gdb;
  jit_options.perf = options.perf;
  jit_options.debug_info = options.gdb || options.perf || options.keep_text;
  jit_options.texts = options.texts;
  auto jit = jit::Jit::create(jit_options);
  if (jit) return std::move(*jit);
  front.emitter.emit(Kind::HostUnfit, at, jit.error());
  return nullptr;
}

std::optional<KernelSet> compile_units(Front& front, jit::Jit& jit, const std::vector<jit::Unit>& units, size_t kernels,
                                       source::Span at) {
  auto made = jit.compile(units, kernels, front.sources);
  if (made) return std::move(*made);
  front.emitter.emit(Kind::HostUnfit, at, made.error());
  return std::nullopt;
}

// One a population of the plan, from one a kernel.
KernelSet for_populations(const KernelSet& made, const plan::Planned& planned) {
  KernelSet set;
  set.pairs = made.pairs;
  set.rules = made.rules;
  set.rules.resize(planned.run.projections.size());
  for (uint32_t kernel : planned.kernel_of) {
    set.populations.push_back(made.populations[kernel]);
    set.populations.back().events.resize(planned.kernels[kernel].events.size());  // null: the weight is only added
  }
  return set;
}

}  // namespace

std::optional<KernelStore> KernelStore::create(Front& front, const sema::Simulation& simulation, const CompileOptions& options) {
  KernelStore store;
  store.jit_ = make_jit(front, options.choices.single.value_or(simulation.single), options, simulation.span);
  return store.jit_ ? std::optional(std::move(store)) : std::nullopt;
}

std::optional<KernelSet> KernelStore::kernels(Front& front, const plan::Planned& planned, source::Span at) {
  std::vector<jit::Unit> units = jit_units(planned);
  auto [place, fresh] = made_.try_emplace(jit_->key(units, front.sources));
  if (fresh) {
    auto made = compile_units(front, *jit_, units, planned.kernels.size(), at);
    if (!made) return std::nullopt;
    place->second = std::move(*made);
  }
  return for_populations(place->second, planned);
}

std::optional<Compiled> compile(Front& front, const sema::Simulation& simulation, const CompileOptions& options) {
  auto began = std::chrono::steady_clock::now();
  auto planned = plan_run(front, simulation, options);
  if (!planned) return std::nullopt;
  Compiled out;
  out.planned = std::move(*planned);
  out.plan_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  out.jit = make_jit(front, out.planned.run.single, options, simulation.span);
  if (!out.jit) return std::nullopt;
  auto made = compile_units(front, *out.jit, jit_units(out.planned), out.planned.kernels.size(), simulation.span);
  if (!made) return std::nullopt;
  out.kernels = for_populations(*made, out.planned);
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return out;
}

}  // namespace eic
