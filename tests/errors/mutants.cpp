// Damaged flagships, drawn with a fixed seed: each is read within two seconds and ends with 0, 1 or 4, whatever it says.
// EIC_MUTANTS=5000 draws more.
#include <map>

#include <random>

#include "tests/errors/support.h"

using namespace eic::test;

namespace {

// Words, numbers, blanks and single signs.
std::vector<std::string> pieces(const std::string& text) {
  std::vector<std::string> all;
  std::regex piece("[A-Za-z_]\\w*|[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?|\\s+|.");
  for (std::sregex_iterator it(text.begin(), text.end(), piece), end; it != end; ++it) all.push_back(it->str());
  return all;
}

bool blank(const std::string& piece) { return piece.find_first_not_of(" \t\n") == std::string::npos; }

std::string mutant(std::vector<std::string> text, std::mt19937& random) {
  static const std::vector<std::string> strange = {"mV", "nS", "S/cm^2", "0", "-1", "1e308", "1e-308", "9223372036854775808", "v", "t", "dt", "area", "csv(\"x\")",
                                                   "uniform(0 mV, 1 mV)", "{", "}", "(", ")", "[", "]", "'", "..", "->", "=", ":", ",", "\n", "^", "/", "*", "if", "not", "true",
                                                   "gates", "INa.m", "exp", "1 .. 2", "degC", "\"", "#", "+-", "~", "param", "state x : mV = 0 mV", "inf", "COBAHH", "HH"};
  auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  auto solid = [&] {
    size_t at = below(text.size());
    while (blank(text[at])) at = (at + 1) % text.size();
    return at;
  };
  for (size_t n = 1 + below(3); n > 0; n--) {
    size_t at = solid();
    switch (below(5)) {
      case 0: text.erase(text.begin() + static_cast<long>(at)); break;
      case 1: text.insert(text.begin() + static_cast<long>(at), text[at] + " "); break;
      case 2: std::swap(text[at], text[solid()]); break;
      case 3: text[at] = strange[below(strange.size())]; break;
      default: text[at] = text[solid()];
    }
  }
  std::string whole;
  for (const std::string& piece : text) whole += piece;
  return whole;
}

}  // namespace

BOOST_AUTO_TEST_CASE(mutants_of_the_flagship_are_read_or_refused) {
  Scratch scratch;
  const char* more = std::getenv("EIC_MUTANTS");
  int count = more ? std::atoi(more) : 200;
  std::mt19937 random(20071);
  std::vector<std::string> flagship = pieces(read_file(EIC_ROOT "/models/cobahh.eic"));
  std::string file = (scratch.path() / "mutant.eic").string();
  fs::create_directories(scratch.path() / "reference");
  for (const char* data : {"hh_0.5nA_spikes.csv", "hh_0.5nA_v.csv"}) fs::copy_file(std::string(EIC_ROOT "/models/reference/") + data, scratch.path() / "reference" / data);
  std::map<int, int> exits;
  for (int i = 0; i < count; i++) {
    std::string text = mutant(flagship, random);
    std::ofstream(file, std::ios::binary) << text;
    Answer answer = check(file);
    exits[answer.exit]++;
    bool fine = answer.exit == 0 || answer.exit == 1 || answer.exit == 4 || answer.exit == 5;
    BOOST_TEST(fine, "mutant " << i << " ends with " << answer.exit << "\n" << text);
    BOOST_TEST(answer.seconds < 2.0, "mutant " << i << " takes " << answer.seconds << " s\n" << text);
    check_form(fmt::format("mutant {}", i), answer.text);
  }
  BOOST_TEST(exits[1] > count / 2);
  BOOST_TEST_MESSAGE(exits[0] << " of " << count << " are still models");
}
