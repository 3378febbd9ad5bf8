// A folder that goes away, the models that the tests run, and what to look at afterwards.
#pragma once
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "tests/cli/process.h"

namespace eic::test {

namespace fs = std::filesystem;

// 100 cells of COBAHH, quick to run; `w` is a parameter to set.
inline const std::string k_model = R"(use std.channels { Na_TM1991, K_TM1991, Leak }
use std.synapses { ExpCond }

param w = 20 nS

cell HH {
  allow(L008, "the drive")
  area        = 20000 um^2
  capacitance = 1 uF/cm^2
  ion na { E = 50 mV }
  ion k  { E = -90 mV }
  channel INa : Na_TM1991 on na { g = 100 mS/cm^2, V_sh = -63 mV }
  channel IK  : K_TM1991  on k  { g =  30 mS/cm^2, V_sh = -63 mV }
  channel IL  : Leak            { g = 5e-5 S/cm^2, E = -50 mV }
  synapse exc : ExpCond { tau = 5 ms, E = 0 mV }
  init v = uniform(-70 mV, -60 mV)
  spike when v crosses -20 mV
}

network Small {
  population N : HH[100] { E = 0 .. 80, I = 80 .. 100 }
  allow(L006, "few and strong")
  projection e : N.E -> N.exc { connect = fixed_outdegree(5), weight = w, delay = 0.1 ms }
}

simulate run of Small {
  duration = 50 ms, dt = 0.1 ms, method = exp_euler, seed = 7
  record spikes of N
  record v of N[0, 3] to "v.csv"
}
)";

struct Said {
  int exit = -1;
  std::string out;  // with what went to stderr
};

struct Scratch {
  fs::path path;
  Scratch() {
    std::string name = (fs::temp_directory_path() / "eic cli é XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    path = name;
    write("m.eic", k_model);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // The names below a folder; hidden ones, which a writer uses while it writes, among them.
  std::set<std::string> names(const std::string& folder) const {
    std::set<std::string> found;
    if (fs::exists(path / folder))
      for (const auto& entry : fs::directory_iterator(path / folder)) found.insert(entry.path().filename().string());
    return found;
  }
  Call call(std::vector<std::string> arguments) const {
    Call call;
    call.arguments = std::move(arguments);
    call.folder = path;
    call.environment = {"EIC_CACHE_DIR=" + (path / "cache").string()};
    return call;
  }
  Ran eic(std::vector<std::string> arguments) const { return run(call(std::move(arguments))); }
  // Another program, with this folder as its home and among those where programs are.
  Said shell(const std::string& command) const {
    std::string line = fmt::format("cd '{0}' && PATH='{0}':$PATH LC_ALL=C.UTF-8 HOME='{0}' timeout 60 {1} 2>&1 </dev/null",
                                   path.string(), command);
    FILE* pipe = popen(line.c_str(), "r");
    BOOST_REQUIRE(pipe);
    Said said;
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) said.out.append(buffer, n);
    int status = pclose(pipe);
    if (WIFEXITED(status)) said.exit = WEXITSTATUS(status);
    return said;
  }
  void needs(const std::string& program) const {
    BOOST_REQUIRE_MESSAGE(shell("sh -c 'command -v " + program + "' >/dev/null").exit == 0,
                          program << " is not installed: ./dev test installs it");
  }
};

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
inline size_t lines_of(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace eic::test
