// `eic fmt` as a process: what it writes and where, what it leaves alone, how it ends.
#include <sys/stat.h>

#include "tests/cli/support.h"

using namespace eic::test;

namespace {

const std::string k_untidy = "param   a=1 nS # why\r\nparam long = 2nS";
const std::string k_tidy = "param a    = 1 nS   # why\nparam long = 2 nS\n";

struct stat status_of(const fs::path& path) {
  struct stat found {};
  BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(fmt_rewrites_what_changes_and_names_it) {
  Scratch scratch;
  scratch.write("models/a.eic", k_untidy);
  scratch.write("models/deep/b.eic", k_tidy);
  scratch.write("models/notes.txt", k_untidy);
  fs::permissions(scratch.path / "models/a.eic", fs::perms(0640));
  struct stat before = status_of(scratch.path / "models/deep/b.eic");
  Ran ran = scratch.eic({"fmt", "models"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.out == "models/a.eic\n");
  BOOST_TEST(ran.err == "");
  BOOST_TEST(scratch.read("models/a.eic") == k_tidy);
  BOOST_TEST((status_of(scratch.path / "models/a.eic").st_mode & 07777) == 0640u);
  struct stat after = status_of(scratch.path / "models/deep/b.eic");
  BOOST_TEST((before.st_ino == after.st_ino && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec), "a tidy file was written");
  BOOST_TEST(scratch.read("models/notes.txt") == k_untidy);
  BOOST_TEST(scratch.names("models") == (std::set<std::string>{"a.eic", "deep", "notes.txt"}));
  BOOST_TEST(scratch.eic({"fmt", "models"}).out == "");
}

BOOST_AUTO_TEST_CASE(fmt_check_writes_nothing) {
  Scratch scratch;
  scratch.write("a.eic", k_untidy);
  scratch.write("b.eic", k_tidy);
  Ran ran = scratch.eic({"fmt", "--check", "b.eic", "a.eic"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(ran.out == "a.eic\n");
  BOOST_TEST(scratch.read("a.eic") == k_untidy);
  BOOST_TEST(scratch.eic({"fmt", "--check", "b.eic", "m.eic"}).exit == 0);
}

BOOST_AUTO_TEST_CASE(fmt_reads_standard_input) {
  Scratch scratch;
  Call call = scratch.call({"fmt", "-"});
  call.input = k_untidy;
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.out == k_tidy);
  call.input = k_tidy;
  BOOST_TEST(run(call).out == k_tidy);
  call.arguments.push_back("--check");
  BOOST_TEST(run(call).exit == 0);
  call.input = k_untidy;
  ran = run(call);
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(ran.out == "(standard input)\n");
}

BOOST_AUTO_TEST_CASE(fmt_leaves_errors_alone) {
  Scratch scratch;
  scratch.write("bad.eic", "param   a =\nparam b = 3\n");
  scratch.write("good.eic", k_untidy);
  Ran ran = scratch.eic({"fmt", "bad.eic", "good.eic"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(ran.out == "good.eic\n");
  BOOST_TEST(contains(ran.err, "bad.eic:2:"), ran.err);
  BOOST_TEST(scratch.read("bad.eic") == "param   a =\nparam b = 3\n");
  BOOST_TEST(scratch.read("good.eic") == k_tidy);
}

// What is wrong in its meaning is no concern of this command.
BOOST_AUTO_TEST_CASE(fmt_reads_no_imports) {
  Scratch scratch;
  scratch.write("a.eic", "use \"missing.eic\" {A}\nparam a=1 mV+1 nA\n");
  BOOST_TEST(scratch.eic({"fmt", "a.eic"}).exit == 0);
  BOOST_TEST(scratch.read("a.eic") == "use \"missing.eic\" { A }\nparam a = 1 mV + 1 nA\n");
}

BOOST_AUTO_TEST_CASE(fmt_follows_a_link) {
  Scratch scratch;
  scratch.write("real/a.eic", k_untidy);
  fs::create_symlink("real/a.eic", scratch.path / "link.eic");
  BOOST_TEST(scratch.eic({"fmt", "link.eic"}).exit == 0);
  BOOST_TEST(fs::is_symlink(scratch.path / "link.eic"));
  BOOST_TEST(scratch.read("real/a.eic") == k_tidy);
  BOOST_TEST(scratch.names("real") == std::set<std::string>{"a.eic"});
}

BOOST_AUTO_TEST_CASE(fmt_ends_with_5_where_files_fail) {
  Scratch scratch;
  Ran missing = scratch.eic({"fmt", "missing.eic"});
  BOOST_TEST(missing.exit == 5);
  BOOST_TEST(contains(missing.err, "`missing.eic` cannot be read"), missing.err);
  scratch.write("fixed.eic", k_untidy);
  fs::permissions(scratch.path / "fixed.eic", fs::perms(0444));
  Ran kept = scratch.eic({"fmt", "fixed.eic"});
  BOOST_TEST(kept.exit == 5);
  BOOST_TEST(contains(kept.err, "`fixed.eic` cannot be written"), kept.err);
  BOOST_TEST(scratch.read("fixed.eic") == k_untidy);
  BOOST_TEST(scratch.eic({"fmt"}).exit == 2);
}
