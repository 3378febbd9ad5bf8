// What the tests of the style share: texts set anew, and every text of the project that is a model.
#pragma once
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/format/format.h"
#include "compiler/parse/parse.h"

namespace eic::test {

namespace fs = std::filesystem;

inline std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " << path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Nothing where the text has errors.
inline std::optional<std::string> formatted(const std::string& text) {
  source::Source source(0, "test.eic", {}, text);
  diagnostics::Emitter emitter;
  auto made = format::format(source, emitter);
  BOOST_TEST(made.has_value() == !emitter.has_errors());
  return made;
}

struct Model {
  std::string name, text;
};

// The ```eic blocks of the docs, by file and number.
inline void add_blocks(const fs::path& file, std::vector<Model>& to) {
  std::istringstream lines(read_file(file));
  std::string line, block;
  bool inside = false;
  for (int number = 0; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      if (inside) to.push_back({fmt::format("{} {}", file.filename().string(), ++number), block});
      inside = !inside && line == "```eic";
      block.clear();
    } else {
      block += line + "\n";
    }
  }
}

// All that parses of models/, tests/ (what is wrong only in its meaning included) and docs/.
inline const std::vector<Model>& every_model() {
  static const std::vector<Model> all = [] {
    std::vector<Model> read, made;
    for (const char* folder : {"models", "tests", "docs"}) {
      fs::path root = fs::path(EIC_ROOT) / folder;
      for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (entry.path().extension() == ".eic")
          read.push_back({fs::relative(entry.path(), EIC_ROOT).string(), read_file(entry.path())});
        if (entry.path().extension() == ".md") add_blocks(entry.path(), read);
      }
    }
    std::sort(read.begin(), read.end(), [](const Model& a, const Model& b) { return a.name < b.name; });
    for (Model& model : read) {
      source::Source source(0, model.name, {}, model.text);
      diagnostics::Emitter emitter;
      if (parse::parse(source, emitter)) made.push_back(std::move(model));
    }
    return made;
  }();
  return all;
}

}  // namespace eic::test
