// What each token is said to be. Whole models: tests/editors.
#include "compiler/parse/roles.h"
#include "tests/parse/support.h"

using namespace eic;
using namespace eic::test;

namespace {

std::string roles_of(const std::string& text) {
  source::SourceSet sources;
  const source::Source& source = sources.add_text("test.eic", text);
  diagnostics::Emitter emitter;
  std::string out;
  for (const parse::Spot& spot : parse::roles(source, emitter))
    out += fmt::format("{}:{} ", parse::role_name(spot.role), text.substr(spot.span.begin, spot.span.end - spot.span.begin));
  BOOST_TEST(out.empty() == emitter.has_errors());
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_word_is_a_keyword_only_in_its_place) {
  BOOST_TEST(roles_of("param in = in in in .. of") ==
             "keyword:param name:in symbol:= name:in keyword:in name:in symbol:.. name:of ");
  BOOST_TEST(roles_of("gap = if cell then true else \"x\" # gap") ==
             "name:gap symbol:= keyword:if name:cell keyword:then keyword:true keyword:else string:\"x\" ");
}

BOOST_AUTO_TEST_CASE(a_quantity_is_a_number_and_a_unit) {
  BOOST_TEST(roles_of("a = 0.32 ms^-1/mV*m") == "name:a symbol:= number:0.32 unit:ms^-1/mV symbol:* name:m ");
  BOOST_TEST(roles_of("state s : nS = 2") == "keyword:state name:s symbol:: unit:nS symbol:= number:2 ");
}

BOOST_AUTO_TEST_CASE(a_text_with_an_error_has_no_roles) { BOOST_TEST(roles_of("a = 3 +") == ""); }
