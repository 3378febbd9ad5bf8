// What the parse tests share: parse a text, print what came out, list what was reported as "kind line:column".
#pragma once
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/ast/print.h"
#include "compiler/parse/parse.h"

namespace eic::test {

struct Parsed {
  std::string ast;                    // printed; "" when there is none
  std::vector<std::string> reported;  // "ParseExpected 3:7"
  diagnostics::Emitter emitter;
  std::optional<ast::Ast> tree;
  bool clean() const { return tree.has_value() && reported.empty(); }
};

inline std::vector<std::string> reports(const source::Source& source, const diagnostics::Emitter& emitter) {
  std::vector<std::string> all;
  for (const auto& diagnostic : emitter.all()) {
    auto at = source.position(diagnostic.span.begin);
    all.push_back(fmt::format("{} {}:{}", diagnostics::info(diagnostic.kind).name, at.line, at.column));
  }
  return all;
}

inline Parsed parse_text(const std::string& text) {
  source::SourceSet sources;
  const source::Source& source = sources.add_text("test.eic", text);
  Parsed parsed;
  parsed.tree = parse::parse(source, parsed.emitter);
  parsed.reported = reports(source, parsed.emitter);
  if (parsed.tree) parsed.ast = ast::print(*parsed.tree);
  return parsed;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " << path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& each : all) text += (text.empty() ? "" : "; ") + each;
  return text;
}

// The text gives this Ast and not a word.
inline void accepts(const std::string& text, const std::string& ast) {
  Parsed parsed = parse_text(text);
  BOOST_TEST(lines(parsed.reported) == "", text);
  BOOST_TEST(parsed.ast == ast, text << "\ngives\n" << parsed.ast);
}

// The text is refused with exactly these reports, and, where given, with this first fix.
inline void rejects(const std::string& text, const std::string& reported, const std::string& fix = "") {
  Parsed parsed = parse_text(text);
  BOOST_TEST(!parsed.tree.has_value(), text);
  BOOST_TEST(lines(parsed.reported) == reported, text << "\nreports " << lines(parsed.reported));
  if (fix.empty() || parsed.emitter.all().empty()) return;
  BOOST_REQUIRE_MESSAGE(!parsed.emitter.all()[0].fixes.empty(), text << " has no fix");
  const auto& first = parsed.emitter.all()[0].fixes[0];
  std::string fixed = text;
  fixed.replace(first.span.begin, first.span.end - first.span.begin, first.replacement);
  BOOST_TEST(fixed == fix);
}

inline std::string message(const std::string& text, size_t index = 0) {
  Parsed parsed = parse_text(text);
  BOOST_REQUIRE_MESSAGE(index < parsed.emitter.all().size(), text << " reports too little");
  return parsed.emitter.all()[index].message;
}

inline std::string repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; i++) all += text;
  return all;
}

}  // namespace eic::test
