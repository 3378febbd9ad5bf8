// Damaged models: tokens dropped, doubled, swapped and replaced, units exchanged. Whatever `eic check` makes of one, it ends
// within two seconds with 0, 1 or 4, and all that it points to lies inside its file. Mutant i is drawn from seed + i, so
// that any of them can be made again: EIC_MUTANTS=1 EIC_MUTANTS_SEED=…; `./dev fuzz` draws 20,000.
#include <csignal>
#include <ctime>
#include <map>
#include <random>

#include <nlohmann/json.hpp>

#include "compiler/units/unit.h"
#include "tests/errors/support.h"

using namespace eic::test;

namespace {

struct Piece {
  enum Kind { Token, Unit, Kept } kind;  // blanks, comments and strings are kept: a file's name must not change, for what
  std::string text;                      // cannot be read is status 5 and no matter of the language
};

struct Model {
  std::string name;  // where it stands
  std::vector<Piece> pieces;
};

std::vector<Piece> pieces(const std::string& text) {
  static const std::regex kept("\"[^\"\\n]*\"|#[^\\n]*|\\s+"), number("[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?"),
      unit("[A-Za-z]+(\\^-?[0-9]+)?(/[A-Za-z]+(\\^-?[0-9]+)?)*"), token("[A-Za-z_]\\w*|->|\\.\\.|[+*/-]=|.");
  std::vector<Piece> all;
  size_t at = 0;
  auto take = [&](const std::regex& what, Piece::Kind kind) {
    std::smatch found;
    if (!std::regex_search(text.begin() + static_cast<long>(at), text.end(), found, what, std::regex_constants::match_continuous))
      return false;
    if (kind == Piece::Unit && !eic::units::parse_unit(found.str())) return false;
    all.push_back({kind, found.str()});
    at += found.str().size();
    return true;
  };
  while (at < text.size()) {
    if (take(number, Piece::Token)) {
      if (text[at] == ' ') all.push_back({Piece::Kept, " "}), at++;
      take(unit, Piece::Unit);
    } else if (!take(kept, Piece::Kept)) {
      BOOST_REQUIRE(take(token, Piece::Token));
    }
  }
  return all;
}

void add_model(std::vector<Model>& models, const std::string& name, const std::string& text) {
  models.push_back({name, pieces(text)});
  std::string whole;
  for (const Piece& piece : models.back().pieces) whole += piece.text;
  BOOST_REQUIRE_EQUAL(whole, text);
}

// Every model of the project, the library's files and the whole models of the documents among them.
std::vector<Model> originals() {
  std::vector<Model> models;
  fs::path root = EIC_ROOT;
  auto below = [&](const fs::path& folder, const std::string& extension) {
    std::vector<std::string> found;
    if (fs::exists(root / folder))
      for (const auto& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.path().extension() == extension) found.push_back(fs::relative(entry.path(), root).generic_string());
    std::sort(found.begin(), found.end());
    return found;
  };
  for (const char* folder : {"models", "tests/models"})
    for (const std::string& file : below(folder, ".eic")) add_model(models, file, read_file(root / file));
  std::vector<std::string> pages = below("docs", ".md");
  pages.push_back("README.md");
  for (const std::string& page : pages) {
    std::string text = read_file(root / page);
    const std::string open = "\n```eic\n", close = "\n```\n";
    for (size_t at = text.find(open), n = 1; at != std::string::npos; at = text.find(open, at), n++) {
      size_t end = text.find(close, at + open.size());
      BOOST_REQUIRE(end != std::string::npos);
      add_model(models, fmt::format("{} block {}", page, n), text.substr(at + open.size(), end + 1 - at - open.size()));
      at = end;
    }
  }
  return models;
}

std::string mutant(std::vector<Piece> text, std::mt19937& random) {
  static const std::vector<std::string> strange = {"mV",
                                                   "nS",
                                                   "S/cm^2",
                                                   "0",
                                                   "-1",
                                                   "1e308",
                                                   "1e-308",
                                                   "9223372036854775808",
                                                   "v",
                                                   "t",
                                                   "dt",
                                                   "area",
                                                   "uniform(0 mV, 1 mV)",
                                                   "{",
                                                   "}",
                                                   "(",
                                                   ")",
                                                   "[",
                                                   "]",
                                                   "'",
                                                   "..",
                                                   "->",
                                                   "=",
                                                   ":",
                                                   ",",
                                                   "\n",
                                                   "^",
                                                   "/",
                                                   "*",
                                                   "if",
                                                   "not",
                                                   "true",
                                                   "gates",
                                                   "INa.m",
                                                   "exp",
                                                   "1 .. 2",
                                                   "degC",
                                                   "\"",
                                                   "#",
                                                   "+-",
                                                   "~",
                                                   "param",
                                                   "state x : mV = 0 mV",
                                                   "inf",
                                                   "COBAHH",
                                                   "HH",
                                                   "'x",
                                                   "§",
                                                   "\xff",
                                                   "0x",
                                                   "1e",
                                                   "csv",
                                                   "use",
                                                   "test",
                                                   "simulate",
                                                   "sweep x of run {"};
  static const std::vector<std::string> other_units = {"mV", "ms", "nS",    "S/cm^2", "uF/cm^2", "degC", "Hz",
                                                       "kg", "M",  "ms^-1", "um^2",   "1",       "pA",   "MOhm"};
  auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  // One of a kind; where there is none, a token.
  auto place = [&](Piece::Kind kind) {
    std::vector<size_t> all, tokens;
    for (size_t i = 0; i < text.size(); i++) {
      if (text[i].kind == kind) all.push_back(i);
      if (text[i].kind != Piece::Kept) tokens.push_back(i);
    }
    return kind == Piece::Unit && !all.empty() ? all[below(all.size())] : tokens[below(tokens.size())];
  };
  for (size_t n = 1 + below(2) * below(3); n > 0; n--) {  // most often one
    size_t at = place(Piece::Token);
    switch (below(7)) {
      case 0: text[at].text.clear(); break;
      case 1: text[at].text += " " + text[at].text; break;
      case 2: std::swap(text[at], text[place(Piece::Token)]); break;
      case 3: text[at].text = strange[below(strange.size())]; break;
      case 4: text[at].text = text[place(Piece::Token)].text; break;
      case 5: std::swap(text[place(Piece::Unit)].text, text[place(Piece::Unit)].text); break;
      default: text[place(Piece::Unit)].text = other_units[below(other_units.size())];
    }
  }
  std::string whole;
  for (const Piece& piece : text) whole += piece.text;
  return whole;
}

bool inside(const eic::Front& front, const eic::source::Span& span) {
  return span.file < front.sources.size() && span.begin <= span.end && span.end <= front.sources.get(span.file).text().size();
}

bool points_inside(const eic::Front& front) {
  for (const auto& diagnostic : front.emitter.all()) {
    if (!inside(front, diagnostic.span)) return false;
    for (const auto& note : diagnostic.notes)
      if (note.span && !inside(front, *note.span)) return false;
    for (const auto& fix : diagnostic.fixes)
      if (!inside(front, fix.span)) return false;
  }
  return true;
}

// What models read stands beside their mutants.
void copy_data(const Scratch& scratch) {
  for (const char* folder : {"models", "tests/models", "docs"})
    if (fs::path from = fs::path(EIC_ROOT) / folder; fs::exists(from)) {
      fs::create_directories(scratch.path() / folder);
      fs::copy(from, scratch.path() / folder, fs::copy_options::recursive);
    }
}

// What hangs is ended, and named.
std::string g_mutant;
void on_alarm(int) {
  [[maybe_unused]] ssize_t n = write(STDERR_FILENO, g_mutant.data(), g_mutant.size());
  _exit(1);
}

unsigned from_environment(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

}  // namespace

BOOST_AUTO_TEST_CASE(mutants_are_read_or_refused) {
  Scratch scratch;
  std::signal(SIGALRM, on_alarm);
  unsigned count = from_environment("EIC_MUTANTS", 1000), seed = from_environment("EIC_MUTANTS_SEED", 20071);
  std::vector<Model> models = originals();
  BOOST_TEST(models.size() > 15u);
  copy_data(scratch);
  std::map<int, unsigned> exits;
  double slowest = 0, total = 0;
  unsigned slowest_seed = 0;
  for (unsigned i = 0; i < count; i++) {
    std::mt19937 random(seed + i);
    const Model& model = models[random() % models.size()];
    std::string text = mutant(model.pieces, random);
    std::string name = fmt::format("mutant {} of {}", seed + i, model.name);
    std::string file = (scratch.path() / fs::path(model.name).parent_path() / "mutant.eic").string();
    std::ofstream(file, std::ios::binary) << text;
    BOOST_TEST_CONTEXT(name << "\n" << text) {
      g_mutant = name + " does not end\n" + text;
      alarm(60);
      std::clock_t began = std::clock();  // of the processor: others may keep it busy
      eic::Front front;
      eic::cli::check_file(front, file, {});
      std::string said = eic::diagnostics::render_text(front.emitter, front.sources, false);
      eic::diagnostics::render_json(front.emitter, front.sources);
      double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
      alarm(0);
      int exit = front.emitter.exit_status();
      exits[exit]++;
      total += seconds;
      if (seconds > slowest) slowest = seconds, slowest_seed = seed + i;
      BOOST_TEST((exit == 0 || exit == 1 || exit == 4), "ends with " << exit << "\n" << said);
      BOOST_TEST(seconds < 2.0, "takes " << seconds << " s");
      BOOST_TEST(points_inside(front), "points outside its file\n" << said);
      check_form(name, said);
    }
  }
  BOOST_TEST_MESSAGE(fmt::format("{} mutants of {} models, seeds from {}, {:.1f} s; the slowest {:.0f} ms ({})", count,
                                 models.size(), seed, total, slowest * 1000, slowest_seed));
  for (auto [exit, number] : exits) BOOST_TEST_MESSAGE(fmt::format("  exit {:<3} {:>6}", exit, number));
  if (count >= 1000) BOOST_TEST((exits[1] > count / 2 && exits[0] > count / 50));  // neither all refused nor hardly touched
}

// Mutants that once ended otherwise.
BOOST_AUTO_TEST_CASE(what_mutants_found_stays_mended) {
  Scratch scratch;
  copy_data(scratch);
  std::string file = (scratch.path() / "models/found.eic").string();
  std::string model = read_file(EIC_ROOT "/models/cobahh.eic");
  auto with = [&](std::string from, const std::string& to) {
    std::string text = model;
    BOOST_REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file, std::ios::binary) << text;
    return check(file);
  };
  // planned for the simulation and for each test: the second time the same error at the same place is no new one
  BOOST_TEST(with("E = 0 .. 3200", "E = 0 .. 1e-308").exit == 1);
  BOOST_TEST(with("simulate run of", "simulate capacitance of").exit == 1);
}
