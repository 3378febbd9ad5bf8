// Every #include of the project against the order of the house, and proof that the check can fail.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/architecture/rules.h"

using namespace eic::architecture;
namespace fs = std::filesystem;

namespace {

std::vector<File> project() {
  static const std::set<std::string> k_written = {".cpp", ".h", ".def", ".g4", ".cmake", ".eic", ".py"};
  std::vector<File> files;
  for (const char* folder : {"compiler", "runtime", "cli", "bench", "tests", "grammar", "cmake", "models", "editors"}) {
    if (!fs::exists(fs::path(EIC_ROOT) / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(EIC_ROOT) / folder)) {
      if (!entry.is_regular_file() || !k_written.contains(entry.path().extension().string())) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::string text{std::istreambuf_iterator<char>(in), {}};
      files.push_back({fs::relative(entry.path(), EIC_ROOT).generic_string(), std::move(text)});
    }
  }
  return files;
}

// The one breach of these files.
std::string only(const std::vector<File>& files) {
  std::vector<std::string> found = breaches(files);
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  return found[0];
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_project_keeps_its_order) {
  std::vector<File> files = project();
  BOOST_TEST(files.size() > 100u);
  for (const std::string& breach : breaches(files)) BOOST_ERROR(breach);
}

BOOST_AUTO_TEST_CASE(a_back_edge_is_found) {
  BOOST_TEST(only({{"compiler/sema/a.cpp", "#pragma once\n#include \"compiler/lower/lower.h\"\n"}}) == "compiler/sema/a.cpp:2: `compiler/sema` may not use compiler/lower");
  BOOST_TEST(only({{"compiler/units/a.h", "  #include \"compiler/ast/ast.h\"\n"}}) == "compiler/units/a.h:1: `compiler/units` may not use compiler/ast");
  BOOST_TEST(only({{"runtime/engine/a.h", "#include \"compiler/source/span.h\"\n"}}) == "runtime/engine/a.h:1: `runtime/engine` may not use compiler/source");
  BOOST_TEST(only({{"compiler/plan/a.h", "#include \"runtime/state/array.h\"\n"}}) == "compiler/plan/a.h:1: `compiler/plan` may not use runtime/state");
  BOOST_TEST(only({{"compiler/parse/a.h", "#include \"compiler/sema/model.h\"\n"}}) == "compiler/parse/a.h:1: `compiler/parse` may not use compiler/sema");
}

BOOST_AUTO_TEST_CASE(what_is_allowed_is_silent) {
  BOOST_TEST(breaches({{"compiler/jit/a.cpp", "#include <llvm/IR/Module.h>\n#include <vector>\n#include \"compiler/source/span.h\"\n"},
                       {"compiler/plan/b.h", "#include \"runtime/contract/plan.h\"\n#include \"compiler/sema/model.h\"\n"},
                       {"cli/c.cpp", "#include <CLI/CLI.hpp>\n#include \"runtime/tables/csv.h\"\n"}})
                 .empty());
}

BOOST_AUTO_TEST_CASE(a_library_out_of_its_folder_is_found) {
  BOOST_TEST(only({{"compiler/sema/a.cpp", "#include <llvm/IR/Module.h>\n"}}) == "compiler/sema/a.cpp:1: `llvm/IR/Module.h` belongs in compiler/jit, compiler/lower only");
  BOOST_TEST(only({{"compiler/ast/a.h", "#include <antlr4-runtime.h>\n"}}).starts_with("compiler/ast/a.h:1: `antlr4-runtime.h` belongs in"));
  BOOST_TEST(only({{"compiler/load.cpp", "#include \"EicParser.h\"\n"}}).starts_with("compiler/load.cpp:1: `EicParser.h` belongs in"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_listed_is_found) {
  BOOST_TEST(only({{"compiler/magic/a.cpp", "int x;\n"}}) == "compiler/magic/a.cpp: `compiler/magic` is not listed in tests/architecture/rules.cpp");
  BOOST_TEST(only({{"compiler/sema/a.cpp", "#include \"helpers/all.h\"\n"}}).ends_with("is in no folder of the house"));
}

BOOST_AUTO_TEST_CASE(a_circle_is_found) {
  BOOST_TEST(only({{"compiler/ir/a.h", "#include \"compiler/ir/b.h\"\n"}, {"compiler/ir/b.h", "#include \"compiler/ir/a.h\"\n"}}).starts_with("a circle of includes: "));
}

BOOST_AUTO_TEST_CASE(a_file_that_grew_too_long_is_found) {
  BOOST_TEST(breaches({{"compiler/ir/a.h", std::string(700, '\n')}}).empty());
  BOOST_TEST(only({{"compiler/ir/a.h", std::string(701, '\n')}}) == "compiler/ir/a.h: 701 lines; at most 700");
}
