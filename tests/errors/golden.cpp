// Every model of this folder is wrong, and says so as the *.txt beside it: `EIC_BLESS=1 test_errors` rewrites these.
// A first line `# $ eic run …` asks for another command than `eic check`.
#include <sys/stat.h>

#include "tests/errors/support.h"

using namespace eic::test;

namespace {

struct Here {  // works in the folder, so that names in messages are short
  Here() : before(fs::current_path()) { fs::current_path(k_folder); }
  ~Here() { fs::current_path(before); }
  fs::path before;
};

std::set<std::string> listing() {
  std::set<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(".")) all.insert(entry.path().string());
  return all;
}

Answer ask(const std::string& file, const fs::path& out) {
  Command command = command_of(read_file(file));
  if (command.name == "check") return check(file, settings_of(command.options));
  return run(command.name, file, command.options, out);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(golden, Here)

BOOST_AUTO_TEST_CASE(wrong_models_are_told_what_is_wrong) {
  Scratch scratch;
  std::vector<fs::path> models;
  for (const auto& entry : fs::directory_iterator("."))
    if (entry.path().extension() == ".eic") models.push_back(entry.path());
  std::sort(models.begin(), models.end());
  BOOST_TEST(models.size() >= 300u);
  if (std::getenv("EIC_BLESS")) ask(models[0].filename().string(), scratch.path());
  for (const fs::path& model : models) {
    std::string name = model.stem().string();
    std::set<std::string> before = listing();
    Answer answer = ask(model.filename().string(), scratch.path());
    compare(name, answer);
    check_form(name, answer.text);
    BOOST_TEST(answer.seconds < 1.0, name << " took " << answer.seconds << " s");
    if (!std::getenv("EIC_BLESS")) BOOST_TEST(listing() == before, name << " left files behind");
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path())) {
      bool kept = answer.exit == 3 || answer.exit == 0 || entry.path().filename() == "stderr.txt";
      BOOST_TEST((kept || entry.is_directory()), name << " left " << entry.path());
    }
    fs::remove_all(scratch.path() / "made");
  }
}

// What cannot be a text file of the folder.
BOOST_AUTO_TEST_CASE(wrong_bytes_are_told_what_is_wrong) {
  Scratch scratch;
  std::string sum = "param a = 1";
  for (int i = 0; i < 2100; i++) sum += " + 1";
  std::string chain, imports, deep;
  for (int i = 0; i < 5000; i++) chain += fmt::format("let p{} = p{}\n", i, i + 1);
  for (int i = 0; i < 260; i++) {
    imports += fmt::format("use \"i{}.eic\" {{ p{} }}\n", i, i);
    std::ofstream(scratch.path() / fmt::format("i{}.eic", i)) << fmt::format("param p{} = 1\n", i);
    std::ofstream(scratch.path() / fmt::format("d{}.eic", i)) << fmt::format("use \"d{}.eic\" {{ p }}\n", i + 1);
  }
  fs::create_directories(scratch.path() / "folder.eic");
  fs::create_symlink("/etc/passwd", scratch.path() / "link.eic");
  BOOST_REQUIRE(mkfifo((scratch.path() / "pipe.eic").c_str(), 0600) == 0);
  std::vector<std::pair<std::string, std::string>> texts = {
      {"empty", ""},
      {"blank", "\n# nothing\n\n"},
      {"binary", std::string("\x7f" "ELF\x02\x01\x01\0\0\0", 10)},
      {"latin_1", "# caf\xe9\n"},
      {"parens", std::string(10000, '(')},
      {"parens_closed", "param a = " + std::string(5000, '(') + "1" + std::string(5000, ')')},
      {"huge", "# " + std::string(8u << 20, 'x')},
      {"long_expression", sum},
      {"chain_of_names", chain + "let p5000 = 1\nparam z = p0\n"},
      {"many_imports", imports},
      {"links_and_pipes", "use \"link.eic\" { root }\nuse \"pipe.eic\" { water }\n"},
      {"deep_imports", "use \"d0.eic\" { p }\n"}};
  fs::current_path(scratch.path());
  for (const auto& [name, text] : texts) std::ofstream(name + ".eic", std::ios::binary) << text;
  std::vector<std::pair<std::string, Answer>> answers;
  for (const auto& [name, text] : texts) answers.emplace_back(name, check(name + ".eic"));
  answers.emplace_back("missing", check("nothing.eic"));
  answers.emplace_back("a_folder", check("folder.eic"));
  answers.emplace_back("a_pipe", check("pipe.eic"));
  fs::current_path(k_folder);
  for (const auto& [name, answer] : answers) {
    compare("made_" + name, answer);
    check_form(name, answer.text);
    BOOST_TEST(answer.seconds < 1.0, name << " took " << answer.seconds << " s");
  }
}

BOOST_AUTO_TEST_CASE(every_kind_is_provoked) {
  std::set<std::string> provoked, codes;
  for (const auto& entry : fs::directory_iterator(".")) {
    if (entry.path().extension() != ".txt") continue;
    std::string text = read_file(entry.path());
    std::regex code("\\[([EW]\\d{4}|L\\d{3})\\]");
    for (std::sregex_iterator it(text.begin(), text.end(), code), end; it != end; ++it) provoked.insert((*it)[1]);
  }
  for (size_t i = 0; i < eic::diagnostics::kind_count(); i++) {
    const auto& kind = eic::diagnostics::info(static_cast<eic::diagnostics::Kind>(i));
    BOOST_TEST(codes.insert(std::string(kind.code)).second, "the code " << kind.code << " is given twice");
    bool lint = kind.code[0] == 'L';
    BOOST_TEST(kind.code[0] == (kind.severity == eic::diagnostics::Severity::Error ? 'E' : lint ? 'L' : 'W'), kind.name);
    if (kind.name == "HostUnfit") continue;  // needs another machine: tests/ir asks what is refused
    BOOST_TEST(provoked.count(std::string(kind.code)) == 1u, "no model of tests/errors provokes " << kind.name << " (" << kind.code << ")");
  }
}

BOOST_AUTO_TEST_SUITE_END()
