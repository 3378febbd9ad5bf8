// What is said of a wrong command line, word for word, and that help shows how a command is called.
#include "tests/cli/support.h"

using namespace eic::test;

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_named) {
  Scratch scratch;
  struct Case {
    std::vector<std::string> arguments;
    std::string said;
  };
  for (const Case& wrong : std::vector<Case>{
           {{}, "a command is needed: `run`, `sweep`, `check`, "},
           {{"rum", "m.eic"}, "there is no command `rum`, did you mean `run`?\nTry `eic --help`."},
           {{"fly"}, "there is no command `fly`\n"},
           {{"--versoin"}, "there is no option `--versoin` before a command, did you mean `--version`?\n"},
           {{"run"}, "`eic run` needs a FILE: the model; `-` is standard input\nTry `eic run --help`."},
           {{"check"}, "`eic check` needs a PATH: "},
           {{"dump", "m.eic"}, "`eic dump` needs `--after STEP`: "},
           {{"run", "m.eic", "other.eic"}, "`eic run` takes one FILE; `other.eic` is one too many\n"},
           {{"doctor", "m.eic"}, "`eic doctor` takes options only, not `m.eic`\n"},
           {{"list", "K_TM91"}, "did you mean `K_TM1991`?\n"},
           {{"list", "--text"}, "--text prints the text of a NAME"},
           {{"run", "m.eic", "--raster", "r.png"}, "--raster writes SVG: name it *.svg, not `r.png`\n"},
           {{"run", "m.eic", "--sped", "1"}, "`eic run` has no option `--sped`, did you mean `--seed`?\n"},
           {{"run", "--sped=1", "m.eic"}, "`eic run` has no option `--sped`, did you mean `--seed`?\n"},
           {{"run", "-x", "m.eic"}, "`eic run` has no option `-x`\n"},
           {{"run", "m.eic", "--seed"}, "`--seed N` needs its value: seed of all draws\n"},
           {{"run", "m.eic", "--seed", "1", "--seed=2"}, "`--seed` is given twice\n"},
           {{"run", "m.eic", "--quiet=very"}, "`--quiet` takes no value\n"},
           {{"run", "m.eic", "--quiet=3"}, "`--quiet` takes no value\n"},
           {{"run", "m.eic", "--threads", "0"}, "`--threads` needs a whole number from 1 to 4096, not `0`\n"},
           {{"run", "m.eic", "--threads", "4097"}, "`--threads` needs a whole number from 1 to 4096, not `4097`\n"},
           {{"run", "m.eic", "--width", "wide"}, "`--width` needs a whole number, not `wide`\n"},
           {{"run", "m.eic", "--width", "99999999999"}, "`--width` needs a whole number, not `99999999999`\n"},
           {{"run", "m.eic", "--width", "-1"}, "`--width` needs a whole number, not `-1`\n"},
           {{"run", "m.eic", "--precision", "doubel"},
            "`--precision` is one of `single`, `double`, not `doubel`, did you mean `double`?\n"},
           {{"check", "m.eic", "--diagnostics=xml"}, "`--diagnostics` is one of `text`, `json`"},
           {{"dump", "m.eic", "--after", "modle"}, "not `modle`, did you mean `model`?\n"},
           {{"completion", "csh"}, "`SHELL` is one of `bash`, `zsh`, `fish`, not `csh`, did you mean `zsh`?\n"},
           {{"run", "m.eic", "--dt", "fast"}, "--dt needs a time with its unit"},
           {{"run", "m.eic", "--set", "w"}, "--set needs PATH=VALUE"},
       }) {
    Ran ran = scratch.eic(wrong.arguments);
    BOOST_TEST(ran.exit == 2, fmt::format("{}: {}", fmt::join(wrong.arguments, " "), ran.exit));
    BOOST_TEST(ran.out == "");
    BOOST_TEST(ran.err.starts_with("eic: "), ran.err);
    BOOST_TEST(contains(ran.err, wrong.said), fmt::format("{} says {}", fmt::join(wrong.arguments, " "), ran.err));
  }
}

BOOST_AUTO_TEST_CASE(what_follows_two_dashes_is_no_option) {
  Scratch scratch;
  scratch.write("-m.eic", k_model);
  BOOST_TEST(scratch.eic({"check", "--", "-m.eic"}).exit == 0);
  BOOST_TEST(scratch.eic({"check", "m.eic", "--", "-m.eic"}).exit == 0);
  BOOST_TEST(scratch.eic({"check", "-m.eic"}).exit == 2);
  Ran ran = scratch.eic({"check", "m.eic", "--sed", "--", "-m.eic"});
  BOOST_TEST(ran.exit == 2);
  BOOST_TEST(contains(ran.err, "`eic check` has no option `--sed`"), ran.err);
}

BOOST_AUTO_TEST_CASE(help_shows_how_to_call_it) {
  Scratch scratch;
  std::string run_help = scratch.eic({"run", "--help"}).out, check_help = scratch.eic({"check", "-h"}).out;
  BOOST_TEST(contains(run_help, "Usage: eic run [OPTIONS] FILE\n"));
  BOOST_TEST(contains(run_help, "--precision {single,double} "));
  BOOST_TEST(contains(check_help, "Usage: eic check [OPTIONS] PATH..."));
  for (const std::string& help : {run_help, check_help, scratch.eic({"--help"}).out})
    for (const char* foreign : {"TEXT", "UINT", "REQUIRED", "SUBCOMMAND", "Positionals"})
      BOOST_TEST(!contains(help, foreign), foreign << " in\n" << help);
}

BOOST_AUTO_TEST_SUITE_END()
