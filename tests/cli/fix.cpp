// `eic check --fix`: what it writes, what it leaves alone, what it says.
#include <sys/stat.h>
#include <unistd.h>

#include "tests/cli/support.h"

using namespace eic::test;

namespace {

// Before and after, and how `eic check` ends then; the sure fixes and the guesses.
struct Case {
  const char* name;
  std::string before, sure, guessed;
  int exit_sure, exit_guessed;
};

std::string cell(const std::string& spike) {
  return "cell C {\n  capacitance = 200 pF\n  channel IL : Leak { g = 10 nS, E = -65 mV }\n  init v = -65 mV\n  spike when " + spike + "\n}\n";
}

const std::string k_leak = "use std.channels { Leak }\n";

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"a number begins with a digit", "param a = .5\n", "param a = 0.5\n", "param a = 0.5\n", 0, 0},
      {"a digit follows the point", "param a = 1. mV\n", "param a = 1.0 mV\n", "param a = 1.0 mV\n", 0, 0},
      {"a typographic minus", "param a = \u221265 mV\n", "param a = -65 mV\n", "param a = -65 mV\n", 0, 0},
      {"two blanks before the unit", "param a = 1  mV\n", "param a = 1 mV\n", "param a = 1 mV\n", 0, 0},
      {"a reciprocal", "param a = 4/ms\n", "param a = 4 ms^-1\n", "param a = 4 ms^-1\n", 0, 0},
      {"an exponent without its caret", "param g = 5e-5 S/cm2\n", "param g = 5e-5 S/cm^2\n", "param g = 5e-5 S/cm^2\n", 0, 0},
      {"degC in a product", "param r = 1 mV/degC\n", "param r = 1 mV/K\n", "param r = 1 mV/K\n", 0, 0},
      {"a zero is zero in any unit", "param a = -65 mV\nparam b = a + 0\n", "param a = -65 mV\nparam b = a + 0 mV\n", "param a = -65 mV\nparam b = a + 0 mV\n", 0, 0},
      {"another number is not", "param a = -65 mV\nparam b = a + 5\n", "param a = -65 mV\nparam b = a + 5\n", "param a = -65 mV\nparam b = a + 5 mV\n", 1, 0},
      {"C's operators", k_leak + cell("v > -50 mV&&v < 0 mV"), k_leak + cell("v > -50 mV and v < 0 mV"), k_leak + cell("v > -50 mV and v < 0 mV"), 0, 0},
      {"an exclamation mark", k_leak + cell("!(v < -50 mV)"), k_leak + cell("not (v < -50 mV)"), k_leak + cell("not (v < -50 mV)"), 0, 0},
      {"a special blank", "param a = 5\u00a0mV\n", "param a = 5 mV\n", "param a = 5 mV\n", 0, 0},
      {"three points in one", "param n = 3 in 1\u20269\n", "param n = 3 in 1..9\n", "param n = 3 in 1..9\n", 0, 0},
      {"a semicolon", "param { a = 1; b = 2 }\n", "param { a = 1, b = 2 }\n", "param { a = 1, b = 2 }\n", 0, 0},
      {"several in one line", "param a = .5 mV*(4/ms)*(1./ms)*2\u22123\n", "param a = 0.5 mV*(4 ms^-1)*(1.0 ms^-1)*2-3\n",
       "param a = 0.5 mV*(4 ms^-1)*(1.0 ms^-1)*2-3 mV/ms^2\n", 1, 0},
      {"a line that begins with a bracket", k_leak + cell("v > (-50 mV\n  )"), k_leak + cell("v > (-50 mV\n  )"), k_leak + cell("v > (-50 mV\n  )"), 0, 0},
      {"chained comparisons", k_leak + cell("-50 mV < v < 0 mV"), k_leak + cell("-50 mV < v and v < 0 mV"), k_leak + cell("-50 mV < v and v < 0 mV"), 0, 0},
      {"a misspelt name is a guess", "param tau_m = 5 ms\nparam b = tua_m\n", "param tau_m = 5 ms\nparam b = tua_m\n", "param tau_m = 5 ms\nparam b = tau_m\n", 1, 0},
      {"a misspelt import, then what it hid", "use std.channels { Lek }\n" + cell("v > 0"), "use std.channels { Lek }\n" + cell("v > 0"),
       // `Leak` is imported then, but the channel was called so all along
       k_leak + cell("v > 0 mV"), 1, 0},
      {"reading first, then meaning", "param a = .5 mV\nparam b = a + 0\n", "param a = 0.5 mV\nparam b = a + 0 mV\n", "param a = 0.5 mV\nparam b = a + 0 mV\n", 0, 0},
      {"what has no fix stays", "param a = 1 mV + 1 nA\nparam b = .5\n", "param a = 1 mV + 1 nA\nparam b = 0.5\n", "param a = 1 mV + 1 nA\nparam b = 0.5\n", 1, 1},
      {"what the library has is imported", cell("v > -50 mV"), cell("v > -50 mV"), k_leak + cell("v > -50 mV"), 1, 0},
      {"into a `use` that is there", "use std.channels { K_TM1991 }\n" + cell("v > -50 mV"), "use std.channels { K_TM1991 }\n" + cell("v > -50 mV"),
       "use std.channels { K_TM1991, Leak }\n" + cell("v > -50 mV"), 1, 0},
      {"below the file's comment, above the cell's", "# A file.\n\n# A cell.\n" + cell("v > -50 mV"), "# A file.\n\n# A cell.\n" + cell("v > -50 mV"),
       "# A file.\n\n" + k_leak + "# A cell.\n" + cell("v > -50 mV"), 1, 0},
      {"CRLF stays", "param a = .5\r\nparam b = 4/ms\r\n", "param a = 0.5\r\nparam b = 4 ms^-1\r\n", "param a = 0.5\r\nparam b = 4 ms^-1\r\n", 0, 0},
      {"no newline at the end", "param a = .5", "param a = 0.5", "param a = 0.5", 0, 0},
  };
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix)

BOOST_AUTO_TEST_CASE(before_and_after) {
  Scratch scratch;
  for (const Case& one : cases()) {
    scratch.write("a.eic", one.before);
    Ran sure = scratch.eic({"check", "--fix", "a.eic"});
    BOOST_TEST(scratch.read("a.eic") == one.sure, one.name << "\n" << sure.err);
    BOOST_TEST(sure.exit == one.exit_sure, one.name << "\n" << sure.err);
    scratch.write("a.eic", one.before);
    Ran guessed = scratch.eic({"check", "--fix-guesses", "a.eic"});
    BOOST_TEST(scratch.read("a.eic") == one.guessed, one.name << "\n" << guessed.err);
    BOOST_TEST(guessed.exit == one.exit_guessed, one.name << "\n" << guessed.err);
    Ran input = [&] {
      Call call = scratch.call({"check", "--fix", "-"});
      call.input = one.before;
      return run(call);
    }();
    BOOST_TEST(input.out == one.sure, one.name << " from standard input\n" << input.err);
    BOOST_TEST(input.exit == one.exit_sure, one.name);
  }
}

BOOST_AUTO_TEST_CASE(it_says_what_it_did_and_what_is_left) {
  Scratch scratch;
  scratch.write("a.eic", "param a = .5 mV\nparam b = a + 0\nparam c = a + 5\n");
  Ran plain = scratch.eic({"check", "a.eic"});
  BOOST_TEST(contains(plain.err, "1 error in 1 file; `--fix` can mend 1\n"), plain.err);
  Ran ran = scratch.eic({"check", "--fix", "a.eic"});
  BOOST_TEST(contains(ran.err, "a.eic:1:11: fixed E0104: write `0.5`\na.eic:2:15: fixed E0202: write `0 mV`\n"), ran.err);
  BOOST_TEST(contains(ran.err, "a.eic:3:15: error[E0202]"), ran.err);
  BOOST_TEST(contains(ran.err, "1 error in 1 file; `--fix-guesses` can mend 1\n"), ran.err);
  BOOST_TEST(ran.out == "");
  Ran guessed = scratch.eic({"check", "--fix-guesses", "a.eic"});
  BOOST_TEST(guessed.err == "a.eic:3:15: fixed E0202: write `5 mV`\n");
  BOOST_TEST(guessed.exit == 0);
  Ran again = scratch.eic({"check", "--fix-guesses", "a.eic"});
  BOOST_TEST(again.err + again.out == "");
  scratch.write("in_vain.eic", "param tau = 5 ms\nparam b : mV = tua\nparam c = tao\n");  // `b = tau` would be no better
  Ran offered = scratch.eic({"check", "in_vain.eic"});
  BOOST_TEST(contains(offered.err, "2 errors in 1 file; `--fix-guesses` can mend 1\n"), offered.err);
  Ran json = [&] {
    scratch.write("a.eic", "param a = .5 mV\n");
    return scratch.eic({"check", "--fix", "--diagnostics", "json", "a.eic"});
  }();
  BOOST_TEST(json.out == "[]\n");
  BOOST_TEST(contains(json.err, "fixed E0104"));
}

BOOST_AUTO_TEST_CASE(imported_files_are_fixed_where_they_are_named) {
  Scratch scratch;
  std::string library = "param w = .5 mV\n", model = "use \"lib/w.eic\" { w }\nparam a = w + 0\n";
  scratch.write("p/lib/w.eic", library);
  scratch.write("p/a.eic", model);
  Ran alone = scratch.eic({"check", "--fix", "p/a.eic"});
  BOOST_TEST(alone.exit == 1, alone.err);
  BOOST_TEST((scratch.read("p/lib/w.eic") == library));
  BOOST_TEST((scratch.read("p/a.eic") == model));
  Ran folder = scratch.eic({"check", "--fix", "p"});
  BOOST_TEST(folder.exit == 0, folder.err);
  BOOST_TEST((scratch.read("p/lib/w.eic") == "param w = 0.5 mV\n"));
  BOOST_TEST((scratch.read("p/a.eic") == "use \"lib/w.eic\" { w }\nparam a = w + 0 mV\n"));
}

BOOST_AUTO_TEST_CASE(settings_are_no_files_and_links_are_not_followed_out_of_a_folder) {
  Scratch scratch;
  scratch.write("a.eic", "param a = 5 mV\n");
  Ran ran = scratch.eic({"check", "--fix", "--set", "a=.5 mV", "a.eic"});
  BOOST_TEST(ran.exit == 1, ran.err);
  BOOST_TEST(!contains(ran.err, "fixed"));
  BOOST_TEST(scratch.read("a.eic") == "param a = 5 mV\n");
  scratch.write("elsewhere.eic", "param a = .5\n");
  fs::create_directory(scratch.path / "p");
  fs::create_symlink("../elsewhere.eic", scratch.path / "p/link.eic");
  scratch.eic({"check", "--fix", "p"});
  BOOST_TEST(scratch.read("elsewhere.eic") == "param a = .5\n");
  BOOST_TEST(scratch.eic({"check", "--fix", "p/link.eic"}).exit == 0);  // named, so meant
  BOOST_TEST(scratch.read("elsewhere.eic") == "param a = 0.5\n");
  BOOST_TEST(fs::is_symlink(scratch.path / "p/link.eic"));
}

BOOST_AUTO_TEST_CASE(permissions_are_kept_and_obeyed) {
  Scratch scratch;
  scratch.write("a.eic", "param a = .5\n");
  fs::permissions(scratch.path / "a.eic", fs::perms(0640));
  BOOST_TEST(scratch.eic({"check", "--fix", "a.eic"}).exit == 0);
  BOOST_TEST((fs::status(scratch.path / "a.eic").permissions() == fs::perms(0640)));
  scratch.write("b.eic", "param a = .5\n");
  fs::permissions(scratch.path / "b.eic", fs::perms(0444));
  scratch.write("c.eic", "param a = .5\n");
  Ran ran = scratch.eic({"check", "--fix", "b.eic", "c.eic"});
  BOOST_TEST(ran.exit == 5, ran.err);
  BOOST_TEST(contains(ran.err, "`b.eic` cannot be written: it is read-only"), ran.err);
  BOOST_TEST(contains(ran.err, "b.eic:1:11: error[E0104]"), ran.err);
  BOOST_TEST(!contains(ran.err, "b.eic:1:11: fixed"), ran.err);
  BOOST_TEST(scratch.read("b.eic") == "param a = .5\n");
  BOOST_TEST(scratch.read("c.eic") == "param a = 0.5\n");
}

BOOST_AUTO_TEST_CASE(a_locked_folder_leaves_the_file_as_it_was) {
  Scratch scratch;
  scratch.write("locked/a.eic", "param a = .5\n");
  fs::permissions(scratch.path / "locked/a.eic", fs::perms(0666));
  fs::permissions(scratch.path / "locked", fs::perms(0555));
  fs::permissions(scratch.path, fs::perms(0755));
  Call call = scratch.call({"check", "--fix", "locked"});
  call.prepare = [] {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(125);
  };
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 5, ran.err);
  BOOST_TEST(contains(ran.err, "permission denied"), ran.err);
  BOOST_TEST(scratch.read("locked/a.eic") == "param a = .5\n");
  BOOST_TEST(scratch.names("locked").size() == 1u);
  fs::permissions(scratch.path / "locked", fs::perms(0755));
}

BOOST_AUTO_TEST_CASE(standard_input_and_a_report_cannot_share_standard_output) {
  Scratch scratch;
  for (const char* format : {"json", "sarif"}) BOOST_TEST(scratch.eic({"check", "--fix", "--diagnostics", format, "-"}).exit == 2);
  BOOST_TEST(scratch.eic({"check", "--fix", "gone.eic"}).exit == 5);
}

BOOST_AUTO_TEST_SUITE_END()
