#include "compiler/jit/host.h"

#include <fmt/format.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>

#include "compiler/jit/about.h"

namespace eic::jit {

static bool has(const llvm::StringMap<bool>& features, const char* name) { return features.lookup(name); }

// Of x86-64-v3; generated code may use any of them.
static constexpr const char* k_needed[] = {"avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"};

std::optional<std::string> refusal(const llvm::Triple& triple, const std::string& cpu, const llvm::StringMap<bool>& features) {
  if (triple.isAArch64()) return std::nullopt;  // NEON and fused multiply-add are part of the architecture
  std::string lacking;
  if (triple.getArch() == llvm::Triple::x86_64) {
    for (const char* name : k_needed)
      if (!has(features, name)) lacking += std::string(lacking.empty() ? "`" : ", `") + name + "`";
    if (lacking.empty()) return std::nullopt;
    return fmt::format("the processor `{}` lacks {}; eic needs x86-64-v3 (2013 and later) or NEON", cpu, lacking);
  }
  return fmt::format("the processor architecture `{}` is not supported; eic needs x86-64-v3 or NEON", triple.getArchName().str());
}

// LLVM's own way out would be abort().
static void on_fatal_error(void*, const char* reason, bool) { internal_error(__FILE__, __LINE__, reason); }

static bool initialise() {
  llvm::install_fatal_error_handler(on_fatal_error);
  return !llvm::InitializeNativeTarget() && !llvm::InitializeNativeTargetAsmPrinter();
}

Result<Host, std::string> Host::detect(bool avx512) {
  static const bool initialised = initialise();
  if (!initialised) return Failure{std::string("the LLVM library found has no code generator for this processor")};
  auto target = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!target) return Failure{llvm::toString(target.takeError())};
  if (auto why = refusal(target->getTargetTriple(), target->getCPU(), llvm::sys::getHostCPUFeatures())) return Failure{*why};
  if (!avx512 && target->getTargetTriple().isX86()) target->getFeatures().AddFeature("avx512f", false);  // and all that builds on it
  target->getOptions().AllowFPOpFusion = llvm::FPOpFusion::Strict;
  // None halves the time of code generation, but its kernel is 10 to 20 % slower; Aggressive gives the code of Default.
  target->setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
  Host host;
  host.target = std::make_unique<llvm::orc::JITTargetMachineBuilder>(std::move(*target));
  return host;
}

uint32_t Host::vector_bits() const {
  const std::vector<std::string>& features = target->getFeatures().getFeatures();  // later ones overrule
  auto last = std::find_if(features.rbegin(), features.rend(), [](const std::string& f) { return f.substr(1) == "avx512f"; });
  if (last != features.rend() && last->front() == '+') return 512;
  return target->getTargetTriple().isX86() ? 256 : 128;
}

// Two native vectors hide each other's latencies: 6 to 12 % of the reference cell's time over one (AVX2 both precisions,
// AVX-512 single; Sapphire Rapids). In double on AVX-512 they gain nothing and take twice as long to compile.
uint32_t Host::native_width(ir::Precision precision) const {
  bool single = precision == ir::Precision::Single;
  uint32_t native = vector_bits() / (single ? 32 : 64);
  return vector_bits() == 512 && !single ? native : 2 * native;
}

std::string Host::description() const {
  return fmt::format("{} ({}), {} cells a vector in single, {} in double, LLVM {}", target->getCPU(),
                     target->getTargetTriple().getArchName().str(), native_width(ir::Precision::Single),
                     native_width(ir::Precision::Double), LLVM_VERSION_STRING);
}

Result<About, std::string> about_host() {
  auto host = Host::detect();
  if (!host) return Failure{host.error()};
  About about;
  about.cpu = host->target->getCPU();
  about.architecture = host->target->getTargetTriple().getArchName().str();
  about.llvm = LLVM_VERSION_STRING;
  about.llvm_linked_in = EIC_STATIC_LLVM;
  about.vector_bits = host->vector_bits();
  bool x86 = host->target->getTargetTriple().isX86();
  if (x86) about.needed.assign(std::begin(k_needed), std::end(k_needed));
  about.why_bits = about.vector_bits == 512 ? "`avx512f` was found"
                   : x86                    ? "`avx2` was found, `avx512f` was not"
                                            : "NEON is part of the architecture";
  for (const auto& feature : host->target->getFeatures().getFeatures())
    if (feature[0] == '+') about.features.push_back(feature.substr(1));
  std::sort(about.features.begin(), about.features.end());
  about.single_width = host->native_width(ir::Precision::Single);
  about.double_width = host->native_width(ir::Precision::Double);
  return about;
}

}  // namespace eic::jit
