#include "compiler/jit/jit.h"

#include <fmt/format.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include <bit>
#include <chrono>

#include "compiler/jit/cache.h"
#include "compiler/jit/codegen.h"
#include "compiler/jit/host.h"
#include "compiler/jit/watched.h"
#include "compiler/lower/lower.h"

namespace eic::jit {

namespace {

using Buffer = std::unique_ptr<llvm::MemoryBuffer>;

// Adds the time of a scope to a number of milliseconds.
class Stopwatch {
 public:
  explicit Stopwatch(double& ms) : ms_(ms) {}
  ~Stopwatch() { ms_ += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  double& ms_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string symbol_of(const Unit& unit) {
  switch (unit.role) {
    case Role::Init: return unit.function.name + ".init";
    case Role::Step: return unit.function.name + ".step";
    case Role::Prime: return unit.function.name + ".prime";
    case Role::Observe: return unit.function.name + ".observe";
    case Role::Event: return fmt::format("{}.event{}", unit.function.name, unit.port);
    case Role::SourceStep: return unit.function.name + ".source_step";
    case Role::TargetStep: return unit.function.name + ".target_step";
    case Role::PreCells: return unit.function.name + ".pre_cells";
    case Role::PreSynapses: return unit.function.name + ".pre_synapses";
    case Role::PostCells: return unit.function.name + ".post_cells";
    case Role::PostSynapses: return unit.function.name + ".post_synapses";
    case Role::Look: return unit.function.name + ".look";
    case Role::Pair: return fmt::format("{}.pair{}", unit.function.name, unit.population);
  }
  internal_error(__FILE__, __LINE__, "a role of no kernel");
}

void place(PopulationKernel& kernel, const Unit& unit, llvm::orc::ExecutorAddr address) {
  switch (unit.role) {
    case Role::Init: kernel.init = address.toPtr<StepFn>(); return;
    case Role::Step: kernel.step = address.toPtr<StepFn>(); return;
    case Role::Pair: break;  // of no population
    case Role::Prime: kernel.prime = address.toPtr<StepFn>(); return;
    case Role::Observe: kernel.observe = address.toPtr<StepFn>(); return;
    case Role::Event:
      if (kernel.events.size() <= unit.port) kernel.events.resize(unit.port + 1);
      kernel.events[unit.port] = address.toPtr<EventFn>();
      return;
    default: internal_error(__FILE__, __LINE__, "a role of no population");
  }
}

void place(RuleKernel& kernel, const Unit& unit, llvm::orc::ExecutorAddr address) {
  switch (unit.role) {
    case Role::SourceStep: kernel.source_step = address.toPtr<StepFn>(); return;
    case Role::TargetStep: kernel.target_step = address.toPtr<StepFn>(); return;
    case Role::PreCells: kernel.pre_cells = address.toPtr<SynapseFn>(); return;
    case Role::PreSynapses: kernel.pre_synapses = address.toPtr<SynapseFn>(); return;
    case Role::PostCells: kernel.post_cells = address.toPtr<SynapseFn>(); return;
    case Role::PostSynapses: kernel.post_synapses = address.toPtr<SynapseFn>(); return;
    case Role::Look: kernel.look = address.toPtr<SynapseFn>(); return;
    default: internal_error(__FILE__, __LINE__, "a role of no rule");
  }
}

bool of_rule(Role role) { return role >= Role::SourceStep; }

using Lower = void (*)(llvm::Module&, const ir::Function&, const std::string&, const lower::Options&, const source::SourceSet&);
Lower lower_of(Role role) {
  if (role == Role::Event) return lower::lower_event;
  return of_rule(role) && role != Role::SourceStep && role != Role::TargetStep ? lower::lower_synapses : lower::lower_cells;
}

std::string host_key(const llvm::orc::JITTargetMachineBuilder& target) {
  return fmt::format("{} {} {}", target.getTargetTriple().str(), target.getCPU(), target.getFeatures().getString());
}

}  // namespace

struct Jit::State {
  Result<Buffer, std::string> object_of(const std::vector<Unit>& units, const source::SourceSet& sources);
  Result<Buffer, std::string> build(const std::vector<Unit>& units, const source::SourceSet& sources);
  Result<KernelSet, std::string> link(Buffer object, const std::vector<Unit>& units, size_t populations);

  Host host;
  std::unique_ptr<llvm::orc::LLJIT> lljit;
  lower::Options lowering;
  std::optional<ObjectCache> cache;
  bool keep_text = false;
  bool hit = false;
  unsigned compiles = 0;
  Timings timings;
  std::string text;
};

Jit::Jit(std::unique_ptr<State> state) : state_(std::move(state)) {}
Jit::~Jit() = default;
uint32_t Jit::width() const { return state_->lowering.width; }
bool Jit::cache_hit() const { return state_->hit; }
const Timings& Jit::timings() const { return state_->timings; }
const std::string& Jit::llvm_text() const { return state_->text; }

std::string Jit::host_description() {
  auto host = Host::detect();
  return host ? host->description() : host.error();
}

Result<std::unique_ptr<Jit>, std::string> Jit::create(const Options& options) {
  if (options.width > k_padding_cells || (options.width != 0 && !std::has_single_bit(options.width)))
    return Failure{fmt::format("a vector cannot hold {} cells; the width is a power of two up to {}", options.width,
                               k_padding_cells)};
  auto host = Host::detect(options.avx512);
  if (!host) return Failure{host.error()};
  auto state = std::make_unique<State>();
  state->host = std::move(*host);
  state->lowering = {options.precision, options.width, options.debug_info, options.texts};
  if (options.width == 0) state->lowering.width = state->host.native_width(options.precision);
  if (options.cache) state->cache.emplace(*options.cache);
  state->keep_text = options.keep_text;
  if (options.perf && !LLVM_USE_PERF) return Failure{std::string("the LLVM library found cannot write what perf reads")};
  // The kernels call nothing: neither a platform (which would compile a module of its own) nor the process's symbols.
  llvm::orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(*state->host.target)
      .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
      .setLinkProcessSymbolsByDefault(false);
  if (options.gdb || options.perf) builder.setObjectLinkingLayerCreator(watched_layer(options.gdb, options.perf));
  auto lljit = builder.create();
  if (!lljit) return Failure{llvm::toString(lljit.takeError())};
  state->lljit = std::move(*lljit);
  // What fails comes back from lookup() too; nothing is printed behind our back.
  state->lljit->getExecutionSession().setErrorReporter([](llvm::Error error) { llvm::consumeError(std::move(error)); });
  return std::unique_ptr<Jit>(new Jit(std::move(state)));
}

Result<KernelSet, std::string> Jit::compile(const std::vector<Unit>& units, size_t populations,
                                            const source::SourceSet& sources) {
  state_->timings = {};
  state_->hit = false;
  auto object = state_->object_of(units, sources);
  if (!object) return Failure{object.error()};
  return state_->link(std::move(*object), units, populations);
}

std::string Jit::key(const std::vector<Unit>& units, const source::SourceSet& sources) const {
  return object_key(units, state_->lowering, host_key(*state_->host.target), sources);
}

Result<Buffer, std::string> Jit::State::object_of(const std::vector<Unit>& units, const source::SourceSet& sources) {
  if (!cache) return build(units, sources);
  std::string key;
  {
    Stopwatch watch(timings.key_ms);
    key = object_key(units, lowering, host_key(*host.target), sources);
    Buffer object = keep_text ? nullptr : cache->find(key);
    hit = object != nullptr;
    if (hit) return object;
  }
  auto object = build(units, sources);
  if (object) cache->keep(key, {(*object)->getBufferStart(), (*object)->getBufferSize()});
  return object;
}

Result<Buffer, std::string> Jit::State::build(const std::vector<Unit>& units, const source::SourceSet& sources) {
  auto target = host.target->createTargetMachine();
  if (!target) return Failure{llvm::toString(target.takeError())};
  llvm::LLVMContext context;
  llvm::Module module("kernels", context);
  module.setTargetTriple(host.target->getTargetTriple().str());
  module.setDataLayout((*target)->createDataLayout());
  {
    Stopwatch watch(timings.lower_ms);
    for (const Unit& unit : units) {
      if (unit.quick) lower::lower_guarded_cells(module, *unit.quick, unit.function, symbol_of(unit), lowering, sources);
      else lower_of(unit.role)(module, unit.function, symbol_of(unit), lowering, sources);
    }
    std::string complaint;
    llvm::raw_string_ostream stream(complaint);
    EIC_CHECK(!llvm::verifyModule(module, &stream), complaint.c_str());
    if (keep_text) {
      text.clear();
      llvm::raw_string_ostream(text) << module;
    }
  }
  Stopwatch watch(timings.codegen_ms);
  return generate(module, **target);
}

// Every compile has a library of its own, so that symbols of one never meet those of another.
Result<KernelSet, std::string> Jit::State::link(Buffer object, const std::vector<Unit>& units, size_t populations) {
  Stopwatch watch(timings.link_ms);
  auto library = lljit->createJITDylib(fmt::format("compile {}", compiles++));
  if (!library) return Failure{llvm::toString(library.takeError())};
  auto unloadable = [](llvm::Error error) {
    return Failure{"the generated code cannot be loaded: " + llvm::toString(std::move(error))};
  };
  if (auto error = lljit->addObjectFile(*library, std::move(object))) return unloadable(std::move(error));
  KernelSet set;
  set.populations.resize(populations);
  for (PopulationKernel& kernel : set.populations) {
    kernel.width = lowering.width;
    kernel.single = lowering.precision == ir::Precision::Single;
  }
  for (const Unit& unit : units) {
    auto address = lljit->lookup(*library, symbol_of(unit));
    if (!address) return unloadable(address.takeError());
    if (of_rule(unit.role)) {
      if (set.rules.size() <= unit.population) set.rules.resize(unit.population + 1);
      place(set.rules[unit.population], unit, *address);
      set.rules[unit.population].width = lowering.width;
      continue;
    }
    if (unit.role == Role::Pair) {
      set.pairs.push_back(address->toPtr<StepFn>());
      continue;
    }
    EIC_CHECK(unit.population < populations, "a kernel of no population");
    place(set.populations[unit.population], unit, *address);
  }
  return set;
}

}  // namespace eic::jit
