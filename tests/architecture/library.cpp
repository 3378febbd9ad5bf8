// Every file of the standard library has a model of its own name in tests/models that uses it and tests something, and
// proof that a file without one is found.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>

namespace fs = std::filesystem;

namespace {

std::optional<std::string> text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

// What is wrong with the tests of `std.<part> { name }`; empty where nothing is.
std::string fault(const std::string& part, const std::string& name, const std::optional<std::string>& tests) {
  if (!tests) return fmt::format("std.{} {}: there is no tests/models/{}.eic", part, name, name);
  std::regex use(fmt::format(R"((^|\n)use std\.{}\s*\{{[^}}]*\b{}\b[^}}]*\}})", part, name));
  if (!std::regex_search(*tests, use)) return fmt::format("tests/models/{}.eic does not use std.{} {{ {} }}", name, part, name);
  if (!std::regex_search(*tests, std::regex(R"((^|\n)test ")"))) return fmt::format("tests/models/{}.eic tests nothing", name);
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_file_of_the_library_has_its_tests) {
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EIC_ROOT) / "models/std")) {
    if (entry.path().extension() != ".eic") continue;
    files++;
    std::string name = entry.path().stem().string();
    std::string found = fault(entry.path().parent_path().filename().string(), name,
                              text_of(fs::path(EIC_ROOT) / "tests/models" / (name + ".eic")));
    BOOST_TEST(found == "", found);
  }
  BOOST_TEST(files >= 7u);
}

BOOST_AUTO_TEST_CASE(a_file_of_the_library_without_tests_is_found) {
  const std::string unused = "tests/models/A.eic does not use std.channels { A }";
  auto found = [](const char* tests) { return fault("channels", "A", tests); };
  BOOST_TEST(found("use std.channels { B, A }\ntest \"a\" of A {}\n") == "");
  BOOST_TEST(fault("channels", "A", std::nullopt) == "std.channels A: there is no tests/models/A.eic");
  BOOST_TEST(found("use std.channels { AB }\ntest \"a\" of AB {}\n") == unused);
  BOOST_TEST(found("use std.synapses { A }\ntest \"a\" of A {}\n") == unused);
  BOOST_TEST(found("use std.channels { A }\n# test \"a\"\n") == "tests/models/A.eic tests nothing");
}
