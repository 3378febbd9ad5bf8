// What gdb and perf are shown of the generated code: gdb itself stops at lines of the model; of what perf reads, the file is
// read here record by record (tools/perf/Documentation/jitdump-specification.txt of Linux).
#include <cstring>
#include <map>

#include "tests/cli/support.h"

using namespace eic::test;

namespace {

struct Dump {
  std::set<std::string> functions;
  std::map<std::string, std::set<uint32_t>> lines;  // by file
};

// Takes numbers and texts from a record, and says where it is cut short.
struct Reader {
  std::string_view bytes;
  template <class T>
  T number() {
    BOOST_REQUIRE(bytes.size() >= sizeof(T));
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    bytes.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    size_t end = bytes.find('\0');
    BOOST_REQUIRE(end != std::string_view::npos);
    std::string found(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
    return found;
  }
};

void read_code(Reader& record, Dump& dump) {
  for (int i = 0; i < 2; i++) record.number<uint32_t>();  // process, thread
  for (int i = 0; i < 2; i++) record.number<uint64_t>();  // where it stands
  auto bytes = record.number<uint64_t>();
  record.number<uint64_t>();  // its number
  dump.functions.insert(record.text());
  BOOST_TEST(record.bytes.size() == bytes);
}

void read_lines(Reader& record, Dump& dump) {
  auto address = record.number<uint64_t>(), entries = record.number<uint64_t>();
  BOOST_TEST(address != 0u);
  while (entries-- > 0) {
    record.number<uint64_t>();
    auto line = record.number<uint32_t>();
    record.number<uint32_t>();  // column or discriminator
    dump.lines[record.text()].insert(line);
  }
}

Dump read_dump(const std::string& bytes) {
  Dump dump;
  Reader file{bytes};
  BOOST_TEST(file.number<uint32_t>() == 0x4A695444u);  // "JiTD" of a machine of our byte order
  BOOST_TEST(file.number<uint32_t>() == 1u);           // version
  auto header = file.number<uint32_t>();
  file.bytes = std::string_view(bytes).substr(header);
  while (!file.bytes.empty()) {
    auto kind = file.number<uint32_t>(), size = file.number<uint32_t>();
    file.number<uint64_t>();  // time
    BOOST_REQUIRE(size >= 16u);
    BOOST_REQUIRE(file.bytes.size() >= size - 16);
    Reader record{file.bytes.substr(0, size - 16)};
    file.bytes.remove_prefix(size - 16);
    if (kind == 0) read_code(record, dump);
    else if (kind == 2) read_lines(record, dump);
  }
  return dump;
}

std::string dump_of(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".dump") {
      std::ifstream in(entry.path(), std::ios::binary);
      return {std::istreambuf_iterator<char>(in), {}};
    }
  return {};
}

// The number of the first line that holds it.
size_t line_with(const std::string& text, const std::string& part) { return 1 + lines_of(text.substr(0, text.find(part))); }

}  // namespace

BOOST_AUTO_TEST_CASE(perf_reads_kernels_and_their_lines) {
  Scratch scratch;
  Ran plain = scratch.eic({"run", "m.eic", "--quiet", "--out", "plain"});
  Call call = scratch.call({"run", "m.eic", "--quiet", "--perf", "--out", "watched"});
  call.environment.push_back("JITDUMPDIR=" + (scratch.path / "dumps").string());
  for (int i = 0; i < 2; i++) {  // compiled, then from the object cache
    fs::remove_all(scratch.path / "dumps");
    Ran watched = run(call);
    BOOST_TEST(plain.exit == 0);
    BOOST_TEST(watched.exit == 0);
    BOOST_TEST(watched.err == "");
    BOOST_TEST(scratch.read("watched/spikes.csv") == scratch.read("plain/spikes.csv"));
    BOOST_TEST(scratch.read("watched/v.csv") == scratch.read("plain/v.csv"));
    Dump dump = read_dump(dump_of(scratch.path / "dumps"));
    BOOST_TEST(dump.functions.contains("N.step"));
    BOOST_TEST(dump.functions.contains("N.init"));
    BOOST_TEST(dump.lines[(scratch.path / "m.eic").string()].contains(line_with(k_model, "spike when")));
    std::string channel = "watched/library/std/channels/Na_TM1991.eic";  // which the debuggers can show
    BOOST_TEST(dump.lines[(scratch.path / channel).string()].contains(line_with(scratch.read(channel), "alpha = 0.32")));
  }
}

BOOST_AUTO_TEST_CASE(perf_needs_a_folder_to_write_to) {
  Scratch scratch;
  scratch.write("file", "");
  Call call = scratch.call({"run", "m.eic", "--perf"});
  call.environment.push_back("JITDUMPDIR=" + (scratch.path / "file").string());
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 5);
  BOOST_TEST(contains(ran.err, "cannot be written"));
  BOOST_TEST(contains(ran.err, "JITDUMPDIR"));
}

BOOST_AUTO_TEST_CASE(gdb_stops_at_lines_of_the_model) {
  Scratch scratch;
  scratch.needs("gdb");
  size_t line = line_with(k_model, "spike when");
  scratch.eic({"run", "m.eic", "--quiet", "--out", "plain"});
  Said said = scratch.shell(fmt::format(
      "gdb -nx -batch -iex 'set debuginfod enabled off' -iex 'set startup-with-shell off' -ex 'set breakpoint pending on' "
      "-ex \"tbreak 'N.step'\" -ex 'tbreak m.eic:{}' -ex run -ex continue -ex 'list Na_TM1991.eic:8,8' -ex continue "
      "--args '{}' run m.eic --gdb --quiet --out watched",
      line, EIC_BINARY));
  BOOST_TEST(contains(said.out, "N.step () at m.eic:"), said.out);
  BOOST_TEST(contains(said.out, fmt::format("N.step.inside () at m.eic:{}\n{}\t  spike when v crosses -20 mV", line, line)), said.out);
  BOOST_TEST(contains(said.out, "8\t  gate m^3 { alpha"), said.out);
  BOOST_TEST(contains(said.out, "exited normally"), said.out);
  BOOST_TEST(scratch.read("watched/spikes.csv") == scratch.read("plain/spikes.csv"));
}
