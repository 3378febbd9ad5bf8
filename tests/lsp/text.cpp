// Places of a text in UTF-16 units, both ways, and changes.
#include "cli/lsp/text.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "cli/lsp/scan.h"
#include "cli/lsp/uri.h"
#include "compiler/diagnostics/sarif.h"

using namespace eic::lsp;

namespace {

Position at(uint32_t line, uint32_t character) { return {line, character}; }

}  // namespace

BOOST_AUTO_TEST_CASE(places_count_utf16_units) {
  Text text("aµ😀b\r\nΩx\ry\n");  // a 1, µ 2, 😀 4, b 1 bytes
  struct Case {
    Position place;
    uint32_t offset;
  };
  for (const Case& one : {Case{at(0, 0), 0}, Case{at(0, 1), 1}, Case{at(0, 2), 3}, Case{at(0, 4), 7}, Case{at(0, 5), 8},
                          Case{at(1, 0), 10}, Case{at(1, 1), 12}, Case{at(2, 0), 14}, Case{at(2, 1), 15}, Case{at(3, 0), 16}}) {
    BOOST_TEST(text.offset(one.place) == one.offset);
    BOOST_TEST(text.position(one.offset).line == one.place.line);
    BOOST_TEST(text.position(one.offset).character == one.place.character);
  }
  BOOST_TEST(text.offset(at(0, 3)) == 3u);       // the second half of a character
  BOOST_TEST(text.offset(at(0, 99)) == 8u);      // behind the line
  BOOST_TEST(text.offset(at(99, 0)) == 16u);     // behind the text
  BOOST_TEST(text.position(9).character == 5u);  // between \r and \n
  BOOST_TEST(text.position(99).line == 3u);
  BOOST_TEST(text.line_at(11) == "Ωx");
  BOOST_TEST(Text("").offset(at(0, 5)) == 0u);
}

// Against a text kept as UTF-16 lines.
BOOST_AUTO_TEST_CASE(changes_by_place) {
  const std::vector<std::string> pieces = {"a", "µ", "😀", "\n", "\r\n", " ", "", "xyz"};
  std::mt19937_64 random(7);
  std::vector<std::string> characters;  // each one character or line end
  Text text;
  auto place = [&](size_t index) {
    Position place{};
    for (size_t i = 0; i < index; i++) {
      if (characters[i].back() == '\n') place = {place.line + 1, 0};
      else place.character += characters[i].size() == 4 ? 2 : 1;
    }
    return place;
  };
  for (int i = 0; i < 2000; i++) {
    size_t from = random() % (characters.size() + 1), to = std::min(characters.size(), from + random() % 4);
    std::string piece = pieces[random() % pieces.size()];
    if (from > 0 && characters[from - 1] == "\r") continue;
    text.replace(text.offset(place(from)), text.offset(place(to)), piece);
    characters.erase(characters.begin() + static_cast<long>(from), characters.begin() + static_cast<long>(to));
    std::vector<std::string> fresh;
    if (piece == "xyz") fresh = {"x", "y", "z"};
    else if (!piece.empty()) fresh = {piece};
    characters.insert(characters.begin() + static_cast<long>(from), fresh.begin(), fresh.end());
    std::string whole;
    for (const std::string& one : characters) whole += one;
    BOOST_REQUIRE(text.str() == whole);
  }
}

BOOST_AUTO_TEST_CASE(uris) {
  for (const char* path : {"/a/b.eic", "/eic cli é/100%/#1?.eic", "/ä/😀"}) BOOST_TEST(path_of_uri(eic::diagnostics::uri_of(path)) == path);
  BOOST_TEST(eic::diagnostics::uri_of("/a b") == "file:///a%20b");
  BOOST_TEST(path_of_uri("file:///a%3Ab%zz%2") == "/a:b%zz%2");
  BOOST_TEST(path_of_uri("file://localhost/a") == "/a");
  for (const char* other : {"untitled:Untitled-1", "file://host/a", "file:///a%00b", ""}) BOOST_TEST(path_of_uri(other) == "");
}

BOOST_AUTO_TEST_CASE(literals_of_any_text) {
  std::string text = "100 mS/cm^2 3 ms*tau 5e-5 S 4 foo 0.32 ms^-1/mV 2mV/";
  auto tokens = scan(text);
  std::vector<std::string> found;
  for (size_t i = 0; i < tokens.size(); i++) {
    if (tokens[i].mark != Mark::Number) continue;
    Literal literal = literal_at(text, tokens, i);
    found.push_back(std::string(literal.digits) + "|" + std::string(literal.unit));
  }
  std::vector<std::string> wanted = {"100|mS/cm^2", "2|", "3|ms", "5e-5|S", "4|", "0.32|ms^-1/mV", "1|", "2|mV"};
  BOOST_TEST(found == wanted, boost::test_tools::per_element());
}
