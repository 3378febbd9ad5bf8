// The object cache, debug locations, and what hosts are refused.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "compiler/jit/host.h"
#include "tests/ir/jit_hand.h"
#include "tests/ir/jit_run.h"

using namespace eic;
using namespace eic::hand;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() { fs::remove_all(path); }
  ~Folder() {
    fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, ignored);
    fs::remove_all(path, ignored);
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    if (fs::exists(path))
      for (const auto& entry : fs::directory_iterator(path)) found.push_back(entry.path());
    return found;
  }
  fs::path path = fs::temp_directory_path() / ("eic_jit_cache_" + std::to_string(getpid()));
  std::error_code ignored;
};

ir::Function doubling(double factor = 2) {
  Maker m("doubling", ir::Precision::Double);
  m.store(0, m.column(0) * m.number(factor));
  return m.function;
}

// Compiles, checks that the kernel works, and tells whether the cache had it.
bool hit(const jit::Options& options, double factor = 2) {
  Compiled compiled = compile(doubling(factor), options);
  Population<double> population(64, 1, {});
  population.fill(0, [](size_t i) { return i; });
  population.run(compiled.kernel.step);
  BOOST_TEST(population.column(0)[21] == 21 * factor);
  BOOST_TEST((compiled.jit->timings().codegen_ms == 0) == compiled.jit->cache_hit());
  return compiled.jit->cache_hit();
}

void overwrite(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(jit_cache_serves_what_it_was_given) {
  Folder folder;
  jit::Options options{.cache = folder.path / "made" / "on demand"};
  BOOST_TEST(!hit(options));
  BOOST_TEST(hit(options));
  BOOST_TEST(!hit(options, 3));
  options.width = 2;
  BOOST_TEST(!hit(options));
  options.debug_info = false;
  BOOST_TEST(!hit(options));
  BOOST_TEST(hit(options));
  options.keep_text = true;
  BOOST_TEST(!hit(options));
}

BOOST_AUTO_TEST_CASE(jit_cache_ignores_damage) {
  Folder folder;
  jit::Options options{.cache = folder.path};
  BOOST_TEST(!hit(options));
  BOOST_REQUIRE(folder.files().size() == 1u);
  const fs::path entry = folder.files()[0];
  const std::string whole = bytes_of(entry);
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  const std::string shorter = whole.substr(0, whole.size() - 1), header = whole.substr(0, 20);
  for (const std::string& damaged : {flipped, shorter, header, std::string(), "foreign" + whole}) {
    overwrite(entry, damaged);
    BOOST_TEST(!hit(options));
    BOOST_TEST((bytes_of(entry) == whole));  // written anew
    BOOST_TEST(hit(options));
  }
}

BOOST_AUTO_TEST_CASE(jit_runs_without_a_cache_that_cannot_be_written) {
  Folder folder;
  fs::create_directories(folder.path);
  overwrite(folder.path / "file", "");
  BOOST_TEST(!hit({.cache = folder.path / "file" / "below"}));
  BOOST_TEST(!hit({.cache = "/proc/eic"}));
  BOOST_TEST(folder.files().size() == 1u);
  fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
  BOOST_TEST(!hit({.cache = folder.path}));  // root may write all the same
  fs::permissions(folder.path, fs::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(jit_instructions_carry_the_lines_of_the_model) {
  source::SourceSet sources;
  sources.add_text("model.eic", "one\ntwo\nthree\n");
  sources.add_text("library.eic", "a\nb\n");
  Maker m("lines", ir::Precision::Double);
  m.span = {0, 4, 7};
  Term x = m.column(0);
  m.span = {1, 2, 3};
  Term y = x * x;
  m.span = {0, 8, 13};
  m.store(0, y + x);
  auto jit = jit::Jit::create({.keep_text = true});
  BOOST_REQUIRE(jit.ok());
  BOOST_REQUIRE((*jit)->compile({{.function = m.function}}, 1, sources).ok());
  const std::string& text = (*jit)->llvm_text();
  auto has = [&](const char* part) { return text.find(part) != std::string::npos; };
  BOOST_TEST(has("define void @lines.step("));
  BOOST_TEST(has("!DIFile(filename: \"model.eic\""));
  BOOST_TEST(has("!DIFile(filename: \"library.eic\""));
  BOOST_TEST(has("!DILocation(line: 2, column: 1, scope: !"));
  BOOST_TEST(has("!DILocation(line: 3, column: 1, scope: !"));
  BOOST_TEST(has("!DISubprogram(name: \"lines.step\""));
  BOOST_TEST(!has(" fast "));

  auto bare = jit::Jit::create({.debug_info = false, .keep_text = true});
  BOOST_REQUIRE(bare.ok());
  BOOST_REQUIRE((*bare)->compile({{.function = m.function}}, 1, sources).ok());
  BOOST_TEST((*bare)->llvm_text().find("DILocation") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(jit_compiles_again_and_keeps_the_first_kernels) {
  auto jit = jit::Jit::create({});
  BOOST_REQUIRE(jit.ok());
  source::SourceSet sources;
  auto first = (*jit)->compile({{.function = doubling(2)}}, 1, sources);
  auto second = (*jit)->compile({{.function = doubling(5)}}, 1, sources);
  BOOST_REQUIRE(first.ok() && second.ok());
  Population<double> population(64, 1, {});
  population.fill(0, [](size_t) { return 1; });
  population.run(first->populations[0].step);
  population.run(second->populations[0].step);
  BOOST_TEST(population.column(0)[0] == 10.0);
}

BOOST_AUTO_TEST_CASE(jit_refuses_hosts_that_cannot_keep_the_bits) {
  llvm::StringMap<bool> features;
  for (const char* name : {"avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"}) features[name] = true;
  llvm::Triple x86("x86_64-pc-linux-gnu");
  BOOST_TEST(!jit::refusal(x86, "haswell", features).has_value());
  features["fma"] = features["avx2"] = false;
  BOOST_TEST(jit::refusal(x86, "ivybridge", features).value() ==
             "the processor `ivybridge` lacks `avx2`, `fma`; eic needs x86-64-v3 (2013 and later) or NEON");
  BOOST_TEST(!jit::refusal(llvm::Triple("aarch64-linux-gnu"), "generic", {}).has_value());
  BOOST_TEST(jit::refusal(llvm::Triple("riscv64-linux-gnu"), "generic", {}).value() ==
             "the processor architecture `riscv64` is not supported; eic needs x86-64-v3 or NEON");
  BOOST_TEST(jit::Jit::host_description().find("LLVM 19") != std::string::npos);
}
