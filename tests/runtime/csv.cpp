#include "runtime/tables/csv.h"

#include <sys/stat.h>
#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "tests/runtime/scratch.h"

using namespace eic;
using tables::read_columns;
using Columns = std::vector<std::vector<double>>;

namespace {

const std::vector<std::string> k_ab = {"a", "b"};

Columns good(std::string_view text) {
  const Scratch scratch;
  auto read = read_columns(scratch.write("x.csv", text), "x.csv", k_ab);
  if (!read) BOOST_FAIL(read.error().message);
  return *read;
}

RunError bad(std::string_view text) {
  const Scratch scratch;
  auto read = read_columns(scratch.write("x.csv", text), "x.csv", k_ab, {7, 1, 2});
  BOOST_REQUIRE(!read);
  BOOST_TEST(read.error().origin.file == 7u);
  return read.error();
}

}  // namespace

BOOST_AUTO_TEST_CASE(csv_reads_columns_by_name) {
  BOOST_TEST((good("b,other,a\n1,text,2\n3,,4.5e-3\n") == Columns{{2, 4.5e-3}, {1, 3}}));
}

BOOST_AUTO_TEST_CASE(csv_takes_comments_blanks_crlf_bom_and_a_missing_last_newline) {
  BOOST_TEST((good("\xEF\xBB\xBF# made by hand\r\n\r\na , b\r\n 1 ,\t+2\r\n# in between\r\n3,-4") == Columns{{1, 3}, {2, -4}}));
  BOOST_TEST((good("a,b\n") == Columns{{}, {}}));
}

BOOST_AUTO_TEST_CASE(csv_reads_shortest_decimals_back_exactly) {
  BOOST_TEST((good("a,b\n0.1,0.30000000000000004\n5e-324,1.7976931348623157e308\n") ==
              Columns{{0.1, 5e-324}, {0.30000000000000004, 1.7976931348623157e308}}));
}

BOOST_AUTO_TEST_CASE(csv_faults_name_file_and_line) {
  const auto message = [](std::string_view text) { return bad(text).message; };
  BOOST_TEST(message("a,b\n1,2\n3\n") == "`x.csv` line 3: 1 column where the header has 2");
  BOOST_TEST(message("# c\na,b\n1,2,3\n") == "`x.csv` line 3: 3 columns where the header has 2");
  BOOST_TEST(message("a,b\n1,two\n") == "`x.csv` line 2: `two` in `b` is not a number");
  BOOST_TEST(message("a,b\n1,2x\n") == "`x.csv` line 2: `2x` in `b` is not a number");
  BOOST_TEST(message("a,b\n1,\n") == "`x.csv` line 2: no value in `b`");
  BOOST_TEST(message("a,b\nnan,1\n") == "`x.csv` line 2: `nan` in `a` is not a finite number");
  BOOST_TEST(message("a,b\n1,-inf\n") == "`x.csv` line 2: `-inf` in `b` is not a finite number");
  BOOST_TEST(message("a,b\n1,1e999\n") == "`x.csv` line 2: `1e999` in `b` is out of range");
  BOOST_TEST(message("a,b,a\n1,2,3\n") == "`x.csv` line 1: the header names `a` twice");
  BOOST_TEST(message("a,,b\n1,2,3\n") == "`x.csv` line 1: column 2 of the header has no name");
  BOOST_TEST(message("# only a comment\n") == "`x.csv` is empty: a header with the names of its columns is needed");
  BOOST_TEST(message("") == "`x.csv` is empty: a header with the names of its columns is needed");
}

BOOST_AUTO_TEST_CASE(csv_missing_column_lists_what_is_there) {
  const RunError error = bad("a,v_V\n1,2\n");
  BOOST_TEST(error.message == "`x.csv` has no column `b`");
  BOOST_TEST(error.help == "its columns are `a`, `v_V`");
  BOOST_TEST((error.kind == RunError::Kind::Data));
}

BOOST_AUTO_TEST_CASE(csv_lines_longer_than_the_buffer_are_read_and_huge_ones_refused) {
  BOOST_TEST((good("a,b,c\n1,2," + std::string(1'000'000, 'x') + "\n3,4,y\n") == Columns{{1, 3}, {2, 4}}));
  const std::string huge = "a,b\n1,2\n1," + std::string(tables::k_max_line_bytes + 1, '7') + "\n";
  BOOST_TEST(bad(huge).message.starts_with("`x.csv` line 3: longer than"));
}

BOOST_AUTO_TEST_CASE(csv_reads_gzip_and_refuses_a_damaged_one) {
  const Scratch scratch;
  std::string text = "a,b\n";
  for (int i = 0; i < 20000; ++i) text += std::to_string(i) + "," + std::to_string(i * i % 977) + "\n";
  const std::string path = scratch.path("x.csv.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  const auto read = read_columns(path, "x.csv.gz", k_ab);
  BOOST_REQUIRE(read.ok());
  BOOST_TEST(read->front().size() == 20000u);
  BOOST_TEST(read->back()[19999] == 19999 * 19999 % 977);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  const auto cut = read_columns(path, "x.csv.gz", k_ab);
  BOOST_REQUIRE(!cut);
  BOOST_TEST((cut.error().kind == RunError::Kind::FileUnreadable));
}

BOOST_AUTO_TEST_CASE(csv_refuses_what_is_not_a_regular_file) {
  const Scratch scratch;
  const std::string fifo = scratch.path("fifo.csv");
  BOOST_REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  for (const std::string& path : {fifo, std::string("/dev/zero"), scratch.path(""), scratch.path("none.csv")}) {
    const auto read = read_columns(path, "x.csv", k_ab);
    BOOST_REQUIRE(!read);
    BOOST_TEST((read.error().kind == RunError::Kind::FileUnreadable));
  }
}

BOOST_AUTO_TEST_CASE(csv_finds_the_time_column) {
  const Scratch scratch;
  const auto name = [&](std::string_view text) {
    return time_column(*tables::CsvReader::open(scratch.write("t.csv", text), "t.csv"));
  };
  BOOST_TEST((name("time_ms,v\n") == "time_ms"));
  BOOST_TEST((name("v,t_ms\n") == "t_ms"));
  BOOST_TEST((name("v,t_s\n") == std::nullopt));
}
