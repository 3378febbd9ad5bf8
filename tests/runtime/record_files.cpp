#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "runtime/record/atomic_file.h"
#include "tests/runtime/record_fixture.h"

using namespace eic;
using record::AtomicFile;
using record::Outcome;
using test::Folder;
using test::FullDisk;
namespace fs = std::filesystem;

namespace {

bool starts(const std::string& text, const std::string& with) { return text.starts_with(with); }

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_appears_under_its_name_only_when_whole) {
  Folder folder;
  test::write(folder / "a.csv", "old\n");
  {
    auto file = AtomicFile::create(folder / "a.csv");
    BOOST_REQUIRE(file.ok());
    file->write("new\n");
    BOOST_TEST(test::read(folder / "a.csv") == "old\n");
    BOOST_TEST(folder.names().size() == 2u);
    BOOST_TEST(!file->commit().has_value());
    BOOST_TEST(file->written().bytes == 4u);
    BOOST_TEST(file->written().path == folder / "a.csv");
  }
  BOOST_TEST(test::read(folder / "a.csv") == "new\n");
  BOOST_TEST(folder.names().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_that_nobody_keeps_leaves_nothing) {
  Folder folder;
  { AtomicFile::create(folder / "a.csv")->write("half"); }
  BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(kept_files_say_why_they_are_not_whole) {
  Folder folder;
  for (auto [outcome, name] : {std::pair{Outcome::Interrupted, "v.interrupted.csv"}, std::pair{Outcome::Failed, "v.failed.csv"}}) {
    auto file = AtomicFile::create(folder / "v.csv");
    file->write("row\n");
    BOOST_TEST(!file->conclude(outcome).has_value());
    BOOST_TEST(file->written().path == folder / name);
    BOOST_TEST(test::read(folder / name) == "row\n");
    BOOST_TEST(!fs::exists(folder / "v.csv"));
  }
  BOOST_TEST(record::suffixed("x.y/spikes.csv", "failed") == "x.y/spikes.failed.csv");
  BOOST_TEST(record::suffixed("plain", "failed") == "plain.failed");
}

BOOST_AUTO_TEST_CASE(two_files_of_one_name_do_not_share_a_temporary) {
  Folder folder;
  auto first = AtomicFile::create(folder / "a"), second = AtomicFile::create(folder / "a");
  first->write("1");
  second->write("2");
  BOOST_TEST(!first->commit().has_value());
  BOOST_TEST(test::read(folder / "a") == "1");
  BOOST_TEST(!second->commit().has_value());
  BOOST_TEST(test::read(folder / "a") == "2");
}

BOOST_AUTO_TEST_CASE(names_as_long_as_the_system_takes_are_fine) {
  Folder folder;
  std::string name(255, 'n');
  BOOST_TEST(!record::write_file(folder / name, "x").has_value());
  BOOST_TEST(test::read(folder / name) == "x");
  auto refused = record::write_file(folder / (name + "n"), "x");
  BOOST_REQUIRE(refused.has_value());
  BOOST_TEST(refused->message.find("file name too long") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(faults_at_the_start_name_the_path_and_the_reason) {
  Folder folder;
  test::write(folder / "file", "");
  fs::create_directory(folder / "sub");
  auto message = [](const std::string& path) {
    auto file = AtomicFile::create(path);
    BOOST_REQUIRE(!file.ok());
    BOOST_TEST((file.error().kind == RunError::Kind::FileUnwritable));
    return file.error().message;
  };
  BOOST_TEST(message(folder / "file/a.csv") == "`" + (folder / "file/a.csv") + "` cannot be written: not a directory");
  BOOST_TEST(message(folder / "none/a.csv") == "`" + (folder / "none/a.csv") + "` cannot be written: no such file or directory");
  BOOST_TEST(message(folder / "sub") == "`" + (folder / "sub") + "` cannot be written: it is a folder");
  BOOST_TEST(message("/dev/full") == "`/dev/full` cannot be written: it is not a regular file");
  fs::create_symlink("/dev/full", folder / "link");
  BOOST_TEST(message(folder / "link") == "`" + (folder / "link") + "` cannot be written: it is not a regular file");
}

BOOST_AUTO_TEST_CASE(a_folder_in_place_of_the_final_file_is_found_at_the_rename_too) {
  Folder folder;
  auto file = AtomicFile::create(folder / "a.csv");
  file->write("x\n");
  fs::create_directories(folder / "a.csv/inside");
  auto error = file->commit();
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST(starts(error->message, "`" + (folder / "a.csv") + "` cannot be written: "));
  BOOST_TEST(folder.names().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_link_stays_and_its_target_is_replaced) {
  Folder folder;
  test::write(folder / "target", "old");
  fs::create_symlink("target", folder / "link");
  BOOST_TEST(!record::write_file(folder / "link", "new").has_value());
  BOOST_TEST(fs::is_symlink(folder / "link"));
  BOOST_TEST(test::read(folder / "target") == "new");
}

BOOST_AUTO_TEST_CASE(a_full_disk_keeps_whole_rows_under_a_name_that_says_so) {
  Folder folder;
  test::write(folder / "a.csv", "old\n");
  auto file = AtomicFile::create(folder / "a.csv");
  std::optional<RunError> error;
  {
    FullDisk disk(10'007);
    std::string row = "0123456789\n";
    for (int i = 0; i < 1000; ++i) file->write(row);
    error = file->conclude(Outcome::Complete);
  }
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST((error->kind == RunError::Kind::FileUnwritable));
  BOOST_TEST(error->message == "`" + (folder / "a.csv") + "` cannot be written: file too large");
  BOOST_TEST(error->help == "what was written before is kept in `" + (folder / "a.failed.csv") + "`");
  BOOST_TEST(test::read(folder / "a.csv") == "old\n");
  std::string kept = test::read(folder / "a.failed.csv");
  BOOST_TEST(kept.size() == 10'007u / 11 * 11);
  BOOST_TEST(kept.ends_with("9\n"));
  BOOST_TEST(folder.names().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_small_file_that_does_not_fit_leaves_the_old_one) {
  Folder folder;
  test::write(folder / "run.json", "{}\n");
  FullDisk disk(100);
  BOOST_TEST(record::write_file(folder / "run.json", std::string(200, 'x')).has_value());
  BOOST_TEST(test::read(folder / "run.json") == "{}\n");
  BOOST_TEST(folder.names().size() == 1u);
}

BOOST_AUTO_TEST_CASE(folders_are_made_with_their_parents) {
  Folder folder;
  BOOST_TEST(!record::create_folder(folder / "a/b/c").has_value());
  BOOST_TEST(fs::is_directory(folder / "a/b/c"));
  BOOST_TEST(!record::create_folder(folder / "a/b").has_value());
  test::write(folder / "file", "");
  for (std::string path : {folder / "file", folder / "file/b"}) {
    auto error = record::create_folder(path);
    BOOST_REQUIRE(error.has_value());
    BOOST_TEST(error->message == "`" + path + "` cannot be written: not a directory");
  }
}
