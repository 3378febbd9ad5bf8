// What the compiler makes of the flagship and of an integrate-and-fire cell, after four of its steps: `eic dump` against
// golden/<model>.<step>.txt. `EIC_BLESS=1 test_compiler` rewrites these.
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/session.h"
#include "compiler/diagnostics/render.h"

namespace fs = std::filesystem;
using namespace eic;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string dump(const std::string& step, const std::string& model) {
  fs::path out = fs::temp_directory_path() / fmt::format("eic_dump_{}.txt", getpid());
  int status = std::system(fmt::format("cd '{}' && EIC_CACHE_DIR= '{}' dump --after={} {} >'{}' 2>/dev/null", EIC_ROOT, EIC_BINARY, step, model, out.string()).c_str());
  BOOST_TEST(status == 0);
  std::string text = read_file(out);
  fs::remove(out);
  return text;
}

struct Compiled {
  Front front;
  std::optional<plan::Planned> planned;
};

// The plan of the only simulation of `text`, which stands in models/.
std::unique_ptr<Compiled> planned(const std::string& text, const std::vector<SetOption>& settings = {}) {
  auto made = std::make_unique<Compiled>();
  bool good = read_model(made->front, "model.eic", &text, settings);
  if (good) made->planned = plan_run(made->front, made->front.model->simulations.at(0), {});
  BOOST_REQUIRE_MESSAGE(made->planned.has_value(), diagnostics::render_text(made->front.emitter, made->front.sources, false));
  return made;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  size_t at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "the model has no " << from);
  return text.replace(at, from.size(), to);
}

std::string flagship_without_tests() {
  std::string text = read_file(EIC_ROOT "/models/cobahh.eic");
  return text.substr(0, text.find("\ntest "));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(dumps_stay_as_they_are) {
  for (const char* model : {"models/cobahh.eic", "tests/compiler/models/integrate_and_fire.eic"})
    for (const char* step : {"model", "formulate", "fuse", "plan"}) {
      std::string text = dump(step, model);
      fs::path expected = fmt::format("{}/tests/compiler/golden/{}.{}.txt", EIC_ROOT, fs::path(model).stem().string(), step);
      if (std::getenv("EIC_BLESS")) std::ofstream(expected, std::ios::binary) << text;
      BOOST_TEST(!text.empty());
      BOOST_TEST((text == read_file(expected)), "the dump after " << step << " of " << model << " is no longer " << expected);
    }
}

BOOST_AUTO_TEST_CASE(a_set_value_gives_the_bits_of_the_written_one) {
  std::string model = flagship_without_tests();
  struct Case {
    const char *path, *value, *from, *to;
  };
  for (const Case& c : {Case{"g_leak", "3.3e-5 S/cm^2", "5e-5 S/cm^2", "3.3e-5 S/cm^2"}, Case{"HH.IK.g", "29.7 mS/cm^2", "30 mS/cm^2", "29.7 mS/cm^2"},
                        Case{"HH.capacitance", "0.9 uF/cm^2", "1 uF/cm^2", "0.9 uF/cm^2"}, Case{"HH.exc.tau", "4.9 ms", "tau =  5 ms", "tau = 4.9 ms"},
                        Case{"w_inh", "g_leak * 20000 um^2 / 3", "67 nS", "g_leak * 20000 um^2 / 3"}}) {
    auto set = planned(model, {{c.path, c.value}});
    auto written = planned(replaced(model, c.from, c.to));
    auto plain = planned(model);
    const plan::Run &a = set->planned->run, &b = written->planned->run;
    BOOST_TEST((a.populations[0].uniforms == b.populations[0].uniforms), c.path);
    BOOST_TEST((plan::print(a) == plan::print(b)), c.path);
    BOOST_TEST((plan::print(a) != plan::print(plain->planned->run)), c.path << " changes nothing");
    BOOST_TEST((set->planned->kernels[0].step.values.size() == plain->planned->kernels[0].step.values.size()), c.path << " changes the kernel");
  }
}

// A parameter of one file does not stand for that of the same name in another.
BOOST_AUTO_TEST_CASE(files_keep_their_parameters_apart) {
  fs::path folder = fs::temp_directory_path() / fmt::format("eic_apart_{}", getpid());
  fs::create_directories(folder);
  auto write = [&](const char* name, const std::string& text) { std::ofstream(folder / name) << text; };
  std::string cell = "  capacitance = 200 pF\n  channel L : Leak {{ g = w, E = -60 mV }}\n  init v = -65 mV\n}}\n";
  write("other.eic", "use std.channels { Leak }\nparam w = 20 nS\ncell D {\n" + fmt::format(fmt::runtime(cell)));
  write("model.eic", "use std.channels { Leak }\nuse \"other.eic\" { D }\nparam w = 1 nS\ncell C {\n" + fmt::format(fmt::runtime(cell)) +
                         "network N { population A : C[1], population B : D[1] }\nsimulate run of N { duration = 1 ms, dt = 0.1 ms }\n");
  Front front;
  bool good = read_model(front, (folder / "model.eic").string(), nullptr, {});
  BOOST_REQUIRE_MESSAGE(good, diagnostics::render_text(front.emitter, front.sources, false));
  auto made = plan_run(front, front.model->simulations.at(0), {});
  BOOST_REQUIRE(made.has_value());
  BOOST_TEST((made->run.populations[0].uniforms != made->run.populations[1].uniforms));
  plan::Values values(*front.model, {});
  std::map<std::string, double> all;
  for (uint32_t i = 0; i < front.model->params.size(); i++) all[front.model->params[i].path] = values.param(i);
  BOOST_TEST(all.at("D.L.g") == 0.020);
  BOOST_TEST(all.at("C.L.g") == 0.001);
  fs::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(the_library_is_clean) {
  size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(EIC_ROOT "/models/std")) {
    if (entry.path().extension() != ".eic") continue;
    seen++;
    Front front;
    cli::check_file(front, entry.path().string(), {});
    BOOST_TEST(front.emitter.all().empty(), diagnostics::render_text(front.emitter, front.sources, false));
  }
  BOOST_TEST(seen >= 7u);
}

BOOST_AUTO_TEST_SUITE_END()
