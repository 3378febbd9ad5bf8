// The completions, driven in the shells themselves, and the manual page, read by groff. Shells that are not installed are
// passed over, with a word.
#include "cli/command.h"
#include "tests/cli/support.h"

using namespace eic::test;
using eic::cli::Command, eic::cli::commands, eic::cli::Option;

namespace {

using Lines = std::vector<std::string>;

// A folder with a model of two simulations, files that are no models, and `eic` itself to be found by the shells.
struct Desk : Scratch {
  Desk() {
    write("m.eic", "simulate first of N {}\nsimulate second of N { duration = 1 ms }\n");  // no whole model: its names complete
    write("notes.txt", "");
    fs::create_directory(path / "more");
    fs::create_symlink(EIC_BINARY, path / "eic");
    for (const char* shell : {"bash", "zsh", "fish"}) write(std::string("eic.") + shell, eic({"completion", shell}).out);
  }
};

Lines lines(const std::string& text) {
  Lines all;
  for (size_t at = 0, end; at < text.size(); at = end + 1) {
    end = std::min(text.find('\n', at), text.size());
    all.push_back(text.substr(at, end - at));
  }
  return all;
}

struct Case {
  std::string typed;  // its words, one blank between each; the last is to be completed
  Lines offered;
};

const std::vector<Case> k_cases = {
    {"eic ch", {"check"}},
    {"eic --v", {"--version"}},
    {"eic run --thr", {"--threads"}},
    {"eic run --q", {"--quiet"}},
    {"eic check --thr", {}},
    {"eic run m.eic --precision ", {"single", "double"}},
    {"eic run m.eic --precision s", {"single"}},
    {"eic check --diagnostics j", {"json"}},
    {"eic dump --after rec", {"recognise_exprel"}},
    {"eic run ", {"m.eic", "more"}},
    {"eic check m.eic m", {"m.eic", "more"}},
    {"eic run m.eic --out m", {"more"}},
    {"eic run m.eic --raster n", {"notes.txt"}},
    {"eic list Na_T", {"Na_TM1991"}},
    {"eic list ExpCo", {"ExpCond"}},
    {"eic run m.eic --sim ", {"first", "second"}},
    {"eic run m.eic --seed ", {}},
    {"eic completion f", {"fish"}},
};

std::string quoted_words(const std::string& typed) {
  std::string out = "'";
  for (char c : typed) out += c == ' ' ? std::string("' '") : std::string(1, c);
  return out + "'";
}

void compare(const std::string& typed, std::set<std::string> got, const Lines& wanted) {
  BOOST_TEST((got == std::set<std::string>(wanted.begin(), wanted.end())),
             fmt::format("`{}` gives {}", typed, fmt::join(got, ", ")));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(bash_completes) {
  Desk desk;
  auto drive = [&](const std::string& typed, const std::string& words) {
    desk.write("drive", fmt::format("source ./eic.bash\nCOMP_WORDS=({})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n_eic\n"
                                    "[[ ${{#COMPREPLY[@]}} == 0 ]] || printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
                                    words));
    Said said = desk.shell("bash --norc drive");
    BOOST_TEST(said.exit == 0, typed << ": " << said.out);
    Lines got = lines(said.out);
    return std::set<std::string>(got.begin(), got.end());
  };
  for (const Case& one : k_cases) compare(one.typed, drive(one.typed, quoted_words(one.typed)), one.offered);
  // to bash, `--precision=s` is three words
  compare("--precision=", drive("--precision=", "eic run --precision ="), {"single", "double"});
  compare("--precision=s", drive("--precision=s", "eic run --precision = s"), {"single"});
  compare("--sim=", drive("--sim=", "eic run m.eic --sim = f"), {"first"});
  Said registered = desk.shell("bash --norc -c 'source ./eic.bash; complete -p eic'");
  BOOST_TEST(registered.out == "complete -F _eic eic\n");
}

BOOST_AUTO_TEST_CASE(fish_completes) {
  Desk desk;
  desk.needs("fish");
  BOOST_TEST(desk.shell("fish -n eic.fish").out == "");
  for (const Case& one : k_cases) {
    Said said = desk.shell(fmt::format("fish -c \"source eic.fish; complete -C '{}'\"", one.typed));
    std::set<std::string> got;
    for (const std::string& line : lines(said.out)) {
      std::string word = line.substr(0, line.find('\t'));
      if (word.ends_with("/")) word.pop_back();
      got.insert(word);
    }
    compare(one.typed, got, one.offered);
  }
}

// In a terminal of its own, where what was completed is run: `eic` prints its arguments.
BOOST_AUTO_TEST_CASE(zsh_completes) {
  Desk desk;
  desk.needs("zsh");
  BOOST_TEST(desk.shell("zsh -n eic.zsh").out == "");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"eic che", "check"},
      {"eic run --thr", "run --threads"},
      {"eic run --precision=d", "run --precision=double"},
      {"eic run m.", "run m.eic"},
      {"eic run m.eic --sim sec", "run m.eic --sim second"},
      {"eic check m.eic --diagnostics j", "check m.eic --diagnostics json"},
      {"eic run m.eic --out mo", "run m.eic --out more"},
      {"eic run m.eic --raster n", "run m.eic --raster notes.txt"},
      {"eic completion f", "completion fish"},
      {"eic check --thr", "check --thr"}};
  std::string drive = R"(zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell 'PS1=; PROMPT_EOL_MARK=; autoload -Uz compinit; compinit -u -D; source ./eic.zsh'
zpty -w shell 'eic() { if [[ $1 == list ]]; then command eic "$@"; else print -r -- "<""<${(j: :)@}>"">"; fi }'
zpty -w shell 'eic ready'
zpty -r shell line '*<<*>>*'
)";
  for (const auto& [typed, done] : cases)
    drive +=
        fmt::format("zpty -w shell $'{}\\t'\nzpty -r shell line '*<<*>>*'\nprint -r -- \"${{${{line##*<<}}%%>>*}}\"\n", typed);
  desk.write("drive", drive + "zpty -d shell\n");
  Said said = desk.shell("zsh -f drive");
  Lines got = lines(said.out);
  BOOST_REQUIRE_EQUAL(got.size(), cases.size());
  for (size_t i = 0; i < cases.size(); i++) {
    std::string word = got[i].substr(0, got[i].find_last_not_of(" /") + 1);
    BOOST_TEST(word == cases[i].second, cases[i].first << " gives " << got[i]);
  }
}

BOOST_AUTO_TEST_CASE(every_command_and_option_is_in_every_script) {
  Desk desk;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    std::string script = desk.read(std::string("eic.") + shell);
    for (const Command& command : commands()) {
      BOOST_TEST(contains(script, command.name));
      for (const Option& option : command.options)
        if (!option.is_place())
          BOOST_TEST(contains(script, option.name.substr(2)), shell << " does not know " << command.name << " " << option.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_manual_page_is_sound_and_whole) {
  Desk desk;
  desk.needs("groff");
  Ran man = desk.eic({"man"});
  BOOST_TEST(man.exit == 0);
  desk.write("eic.1", man.out);
  BOOST_TEST(desk.shell("groff -man -Tutf8 -ww -z eic.1").out == "");  // no warning
  std::string page = desk.shell("groff -man -Tutf8 -P-cbou eic.1").out;
  std::string commands_of = page.substr(page.find("COMMANDS"));
  for (const Command& command : commands()) {
    size_t begin = commands_of.find(fmt::format("\n   eic {}\n", command.name));
    BOOST_REQUIRE_MESSAGE(begin != std::string::npos, command.name << " has no section");
    size_t end = std::min(commands_of.find("\n   eic ", begin + 1), commands_of.find("\nEXIT STATUS", begin));
    std::string section = commands_of.substr(begin, end - begin);
    for (const Option& option : command.options) {
      BOOST_TEST(contains(section, "\n       " + option.name), command.name << " lacks " << option.name << " in" << section);
      if (!option.is_flag() && !option.is_place()) BOOST_TEST(contains(section, option.value()), option.value());
    }
  }
  for (const auto& example : eic::cli::k_examples) BOOST_TEST(contains(page, example.line));
  for (const char* part : {"EXIT STATUS", "EIC_CACHE_DIR", "NO_COLOR"}) BOOST_TEST(contains(page, part));
}

BOOST_AUTO_TEST_SUITE_END()
