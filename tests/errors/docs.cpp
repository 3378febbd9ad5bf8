// docs/errors: a page a code. Its first eic block is what the page is about, its text block what eic says of it, its last eic
// block the mended model. Blocks with another file's name behind their language lie beside it. `EIC_BLESS=1 test_errors`
// rewrites the text blocks.
#include "tests/errors/support.h"

using namespace eic::test;

namespace {

const std::string k_pages = EIC_ROOT "/docs/errors";

// What takes more than a page: bytes that are no text, huge files, another machine.
const std::set<std::string> k_without_example = {"E0110", "E0501", "E0502", "E0503", "E0504", "E0505", "E0702"};

struct Block {
  std::string language, file, body;
  size_t begin = 0, end = 0;  // of the body in the page
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  static const std::string fence = "```";
  for (size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    size_t line = page.find('\n', at) + 1, close = page.find("\n```", line - 1);
    BOOST_REQUIRE(close != std::string::npos);
    std::istringstream info(page.substr(at + 3, line - at - 4));
    Block& block = blocks.emplace_back();
    info >> block.language >> block.file;
    block.begin = line;
    block.end = close + 1;
    block.body = page.substr(line, block.end - line);
    at = close + 4;
  }
  return blocks;
}

// What eic says about `model`, in a folder of its own that holds `files`; the last line ("exit N") left out.
std::string says(const std::string& model, const std::vector<Block>& files) {
  Scratch scratch;
  fs::path folder = scratch.path() / "page", out = scratch.path() / "out";
  fs::create_directories(folder);
  fs::create_directories(out);
  std::ofstream(folder / "example.eic", std::ios::binary) << model;
  for (const Block& file : files) {
    fs::create_directories((folder / file.file).parent_path());
    std::ofstream(folder / file.file, std::ios::binary) << file.body;
  }
  fs::path before = fs::current_path();
  fs::current_path(folder);
  Command command = command_of(model);
  Answer answer = command.name == "check" ? check("example.eic", settings_of(command.options))
                                          : run(command.name, "example.eic", command.options, out);
  fs::current_path(before);
  return answer.text.substr(0, answer.text.rfind("exit "));
}

std::string code_of(const fs::path& page) { return page.stem().string(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(every_code_has_its_page) {
  std::string index = read_file(k_pages + "/README.md");
  std::set<std::string> codes;
  for (size_t i = 0; i < eic::diagnostics::kind_count(); i++) {
    auto kind = static_cast<eic::diagnostics::Kind>(i);
    std::string code(eic::diagnostics::info(kind).code);
    if (code[0] == 'L') continue;  // docs/lint.md
    codes.insert(code);
    std::string page = read_file(k_pages + "/" + code + ".md"),
                title = fmt::format("{}: {}", code, eic::diagnostics::info(kind).title);
    BOOST_TEST(page.starts_with("# " + title + "\n"), "docs/errors/" << code << ".md begins with `# " << title << "`");
    std::string line = fmt::format("- [{}]({}.md): {}\n", code, code, eic::diagnostics::info(kind).title);
    BOOST_TEST(index.find(line) != std::string::npos, "docs/errors/README.md lacks: " << line);
  }
  for (const auto& entry : fs::directory_iterator(k_pages))
    if (entry.path().filename() != "README.md")
      BOOST_TEST(codes.count(code_of(entry.path())) == 1u, "there is no code " << code_of(entry.path()));
}

BOOST_AUTO_TEST_CASE(pages_show_what_eic_says) {
  for (const auto& entry : fs::directory_iterator(k_pages)) {
    std::string code = code_of(entry.path());
    if (code == "README") continue;
    std::string page = read_file(entry.path());
    std::vector<Block> models, texts, files;
    for (const Block& block : blocks_of(page))
      (!block.file.empty() && block.file != "example.eic" ? files : block.language == "eic" ? models : texts).push_back(block);
    if (k_without_example.count(code)) {
      BOOST_TEST(models.empty(), code << " has an example: it is no exception any more");
      continue;
    }
    BOOST_REQUIRE_MESSAGE(models.size() == 2 && texts.size() == 1, code << ".md has a wrong and a mended model, and one text");
    std::string said = says(models[0].body, files);
    std::string head = fmt::format("[{}]: ", code);
    BOOST_TEST(said.find(head) != std::string::npos, code << ": the example does not provoke it but says\n" << said);
    std::string mended = says(models[1].body, files);
    BOOST_TEST(mended.find(head) == std::string::npos, code << ": the mended example still says\n" << mended);
    BOOST_TEST(mended.find("error[") == std::string::npos, code << ": the mended example is wrong:\n" << mended);
    if (std::getenv("EIC_BLESS")) {
      page.replace(texts[0].begin, texts[0].end - texts[0].begin, said);
      std::ofstream(entry.path(), std::ios::binary) << page;
      continue;
    }
    BOOST_TEST(texts[0].body == said, code << " says\n" << said << "the page says\n" << texts[0].body);
  }
}

// docs/lint.md: a section a rule, with an example and what eic says of it.
BOOST_AUTO_TEST_CASE(the_lint_shows_what_eic_says) {
  const std::string file = EIC_ROOT "/docs/lint.md";
  std::string page = read_file(file);
  std::vector<std::string> codes;
  for (size_t i = 0; i < eic::diagnostics::kind_count(); i++)
    if (std::string code(eic::diagnostics::info(static_cast<eic::diagnostics::Kind>(i)).code); code[0] == 'L') codes.push_back(code);
  for (const std::string& code : codes) {
    size_t begin = page.find("\n## " + code + " ");
    BOOST_REQUIRE_MESSAGE(begin != std::string::npos, "docs/lint.md has no section on " << code);
    size_t end = std::min(page.find("\n## ", begin + 1), page.size());
    std::vector<Block> blocks = blocks_of(page.substr(begin, end - begin));
    BOOST_REQUIRE_MESSAGE(blocks.size() == 2 && blocks[0].language == "eic" && blocks[1].language == "text",
                          code << " has an example and what eic says of it");
    std::string said = says(blocks[0].body, {});
    BOOST_TEST(said.find(fmt::format("[{}]: ", code)) != std::string::npos, code << ": the example does not provoke it but says\n" << said);
    BOOST_TEST(said.find("error[") == std::string::npos, code << ": the example has errors\n" << said);
    if (std::getenv("EIC_BLESS")) page.replace(begin + blocks[1].begin, blocks[1].end - blocks[1].begin, said);
    else BOOST_TEST(blocks[1].body == said, code << " says\n" << said << "the page says\n" << blocks[1].body);
  }
  if (std::getenv("EIC_BLESS")) std::ofstream(file, std::ios::binary) << page;
}

// The whole models of the guides: `eic check` finds no error in them, and their own tests pass.
BOOST_AUTO_TEST_CASE(models_of_the_guides_work) {
  for (std::string guide : {"language.md", "porting.md"}) {
    std::vector<Block> models;
    for (const Block& block : blocks_of(read_file(EIC_ROOT "/docs/" + guide)))
      if (block.language == "eic") models.push_back(block);
    BOOST_TEST(!models.empty(), guide << " shows no model");
    for (const Block& model : models) {
      std::string first = model.body.substr(0, model.body.find('\n'));
      std::string said = says(model.body, {});
      std::string which = fmt::format("{}, the model that begins with `{}`,", guide, first);
      BOOST_TEST(said.find("error[") == std::string::npos, which << " says\n" << said);
      if (model.body.find("\ntest \"") == std::string::npos) continue;
      Scratch scratch;
      std::ofstream(scratch.path() / "example.eic", std::ios::binary) << model.body;
      Answer answer = run("test", (scratch.path() / "example.eic").string(), "", scratch.path());
      BOOST_TEST(answer.exit == 0, which << " fails its tests");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
