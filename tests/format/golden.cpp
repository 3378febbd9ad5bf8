// golden/NAME.eic as an author may leave it, and golden/NAME.formatted.eic. EIC_BLESS=1 rewrites the latter.
#include "tests/format/support.h"

using namespace eic::test;

BOOST_AUTO_TEST_CASE(each_text_becomes_what_stands_beside_it) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(EIC_ROOT "/tests/format/golden")) {
    std::string name = entry.path().stem().string();
    if (name.ends_with(".formatted")) continue;
    auto made = formatted(read_file(entry.path()));
    BOOST_TEST_REQUIRE(made.has_value(), name << " does not parse");
    fs::path after = entry.path().parent_path() / (name + ".formatted.eic");
    if (std::getenv("EIC_BLESS")) std::ofstream(after, std::ios::binary) << *made;
    BOOST_TEST(*made == read_file(after), name << " becomes\n" << *made);
    count++;
  }
  BOOST_TEST(count >= 7u);
}

BOOST_AUTO_TEST_CASE(the_docs_show_the_style) {
  std::vector<Model> blocks;
  for (const char* file : {"README.md", "docs/language.md", "docs/adding.md"}) add_blocks(fs::path(EIC_ROOT) / file, blocks);
  BOOST_TEST(blocks.size() >= 9u);
  for (const Model& block : blocks) BOOST_TEST(formatted(block.text).value_or("") == block.text, block.name);
}
