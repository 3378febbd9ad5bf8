// Files, disks and pipes that fail: a clear message, status 5, and nothing half-written under a final name.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/cli/support.h"

using namespace eic::test;

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(a_closed_pipe_is_5_and_quiet) {
  Scratch scratch;
  int ends[2];
  BOOST_REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  for (std::vector<std::string> arguments : std::vector<std::vector<std::string>>{{"run", "m.eic"}, {"--help"}, {"list"}, {"dump", "--after=model", "m.eic"}}) {
    Call call = scratch.call(arguments);
    call.out = ends[1];
    Ran ran = run(call);
    BOOST_TEST(ran.exit == 5, arguments[0]);
    BOOST_TEST(ran.err == "", arguments[0]);
  }
  close(ends[1]);
  BOOST_TEST(fs::exists(scratch.path / "m.out/spikes.csv"));
}

BOOST_AUTO_TEST_CASE(a_stderr_that_takes_nothing_changes_no_status) {
  Scratch scratch;
  scratch.write("bad.eic", "param a = 1 mV + 1 nA\n");
  for (const char* sink : {"/dev/full", "-"}) {
    Call call = scratch.call({"check", "bad.eic"});
    call.prepare = [sink] {
      close(STDERR_FILENO);
      if (sink[0] == '/') open(sink, O_WRONLY);
    };
    Ran ran = run(call);
    BOOST_TEST(ran.exit == 1, sink);
    BOOST_TEST(ran.signal == 0, sink);
  }
}

BOOST_AUTO_TEST_CASE(a_full_stdout_is_5_and_says_so) {
  Scratch scratch;
  int full = open("/dev/full", O_WRONLY);
  BOOST_REQUIRE(full >= 0);
  Call call = scratch.call({"run", "m.eic"});
  call.out = full;
  Ran ran = run(call);
  close(full);
  BOOST_TEST(ran.exit == 5);
  BOOST_TEST(contains(ran.err, "standard output cannot be written"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_5) {
  Scratch scratch;
  Ran ran = scratch.eic({"run", "m.eic", "--out", "m.eic/out"});
  BOOST_TEST(ran.exit == 5);
  BOOST_TEST(contains(ran.err, "m.eic/out"));
  BOOST_TEST((scratch.read("m.eic") == k_model));
  BOOST_TEST(scratch.eic({"run", "m.eic", "--raster", "m.eic/r.svg"}).exit == 5);
}

BOOST_AUTO_TEST_CASE(a_folder_that_may_not_be_written_is_5) {
  Scratch scratch;
  fs::create_directory(scratch.path / "locked");
  fs::permissions(scratch.path / "locked", fs::perms(0555));
  fs::permissions(scratch.path, fs::perms(0755));
  Call call = scratch.call({"run", "m.eic", "--out", "locked"});
  call.prepare = [] {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(125);  // permissions do not bind root
  };
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 5, ran.err);
  BOOST_TEST(contains(ran.err, "permission denied"));
  BOOST_TEST(scratch.names("locked").empty());
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_5_and_keeps_whole_lines) {
  Scratch scratch;
  BOOST_TEST(scratch.eic({"run", "m.eic", "--quiet"}).exit == 0);
  std::string before = scratch.read("m.out/v.csv");
  Call call = scratch.call({"run", "m.eic", "--duration", "2 s"});
  call.prepare = [] {
    rlimit limit{50'000, 50'000};
    setrlimit(RLIMIT_FSIZE, &limit);
  };
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 5, ran.err);
  BOOST_TEST(contains(ran.err, "spikes.failed.csv"));
  BOOST_TEST(contains(ran.err, "file too large"));
  BOOST_TEST((scratch.read("m.out/v.csv") == before));  // the old file, whole
  std::string kept = scratch.read("m.out/v.failed.csv");
  BOOST_TEST(kept.size() <= 50'000u);
  BOOST_TEST(lines_of(kept) > 100u);
  BOOST_TEST(kept.ends_with("\n"));
  for (const std::string& name : scratch.names("m.out")) BOOST_TEST(!name.ends_with(".tmp"), name);
}

BOOST_AUTO_TEST_CASE(a_cache_that_cannot_be_written_is_no_fault) {
  Scratch scratch;
  Call call = scratch.call({"run", "m.eic", "--quiet"});
  call.environment = {"EIC_CACHE_DIR=" + (scratch.path / "m.eic" / "cache").string()};
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.err == "");
}

BOOST_AUTO_TEST_SUITE_END()
