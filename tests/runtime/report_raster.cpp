#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <regex>

#include "runtime/report/raster.h"
#include "tests/runtime/record_fixture.h"

using namespace eic;
using report::raster_svg;

namespace {

record::SpikeStore spikes_of(const plan::Run& run, unsigned one_in) {
  record::SpikeStore store;
  BOOST_REQUIRE(!store.begin(run).has_value());
  std::mt19937 random(2);
  for (uint64_t step = 0; step < run.steps; ++step)
    for (uint32_t p = 0; p < run.populations.size(); ++p) {
      std::vector<uint32_t> cells;
      for (uint32_t cell = 0; cell < run.populations[p].size; ++cell)
        if (random() % one_in == 0) cells.push_back(cell);
      store.spikes(p, step, cells);
    }
  BOOST_REQUIRE(!store.end(record::Outcome::Complete, run.steps).has_value());
  return store;
}

// Every element closes in order, attributes are quoted, and no `&` or `<` stands bare.
bool well_formed(const std::string& svg) {
  static const std::regex element(R"(<(/?)([a-z]+)((?: [A-Za-z]+="[^"<]*")*)(/?)>)");
  std::vector<std::string> open;
  size_t at = 0;
  for (std::sregex_iterator it(svg.begin(), svg.end(), element, std::regex_constants::match_default), end; it != end; ++it) {
    std::string between = svg.substr(at, it->position() - at);
    if (between.find_first_of("<>") != std::string::npos) return false;
    at = it->position() + it->length();
    if ((*it)[1].length() > 0) {
      if (open.empty() || open.back() != (*it)[2].str()) return false;
      open.pop_back();
    } else if ((*it)[4].length() == 0) {
      open.push_back((*it)[2].str());
    }
  }
  if (!open.empty() || svg.substr(at) != "\n") return false;
  for (size_t amp = svg.find('&'); amp != std::string::npos; amp = svg.find('&', amp + 1))
    if (!std::regex_search(svg.substr(amp, 6), std::regex("^&(amp|lt|gt|quot);"))) return false;
  return true;
}

// Long paths are taken out before the regex, which recurses with their length.
struct Drawn {
  std::vector<std::string> paths;  // of marks
  std::string rest;
  size_t marks = 0;
};
Drawn drawn(std::string svg) {
  Drawn result;
  for (size_t at = 0; (at = svg.find("<path", at)) != std::string::npos;) {
    size_t d = svg.find(" d=\"", at) + 4, end = svg.find('"', d);
    if (svg.compare(at, 19, "<path class=\"marks\"") == 0) {
      result.paths.push_back(svg.substr(d, end - d));
      result.marks += std::count(svg.begin() + d, svg.begin() + end, 'm');
    }
    svg.erase(d, end - d);
    at = d;
  }
  result.rest = std::move(svg);
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_raster_has_a_mark_a_spike_and_names_rates_and_units) {
  auto store = spikes_of(test::small_run("0.1", 400), 50);
  Drawn raster = drawn(raster_svg(store, {"a<b & \"c\"", "run", 7}));
  BOOST_TEST(well_formed(raster.rest));
  BOOST_TEST(raster.marks == store.populations()[0].cells.size() + store.populations()[1].cells.size());
  BOOST_TEST(raster.paths.size() == 3u);  // N.E, N.I, M
  for (const char* text : {"a&lt;b &amp; &quot;c&quot; · run · seed 7", ">N.E<", ">N.I<", ">M<", ">8 cells, ", " Hz<", "time / ms",
                           "rate / Hz", "cell index", "1 ms bins", "13 cells, "})
    BOOST_TEST((raster.rest.find(text) != std::string::npos), text);
  BOOST_TEST((raster.rest.find("drawn:") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(marks_lie_where_their_spikes_are) {
  plan::Run run = test::small_run("0.1", 714);  // a px a step
  run.populations.pop_back();
  run.populations[0].views.clear();
  record::SpikeStore store;
  BOOST_REQUIRE(!store.begin(run).has_value());
  store.spikes(0, 99, std::vector<uint32_t>{0});
  store.spikes(0, 199, std::vector<uint32_t>{0, 9});
  BOOST_REQUIRE(!store.end(record::Outcome::Complete, 714).has_value());
  // Ten rows of 37 px; marks of 24 px about their middles, 18.5 px and 351.5 px above the axis.
  Drawn raster = drawn(raster_svg(store, {"m", "s", 1}));
  BOOST_REQUIRE(raster.paths.size() == 1u);
  BOOST_TEST(raster.paths[0] == "m1000-305v240m1000-240v240m0-3570v240");
}

BOOST_AUTO_TEST_CASE(too_many_marks_are_thinned_by_cell_and_the_picture_says_so) {
  plan::Run run = test::small_run("0.1", 2000);
  run.populations[0].size = 100;
  auto store = spikes_of(run, 40);
  std::string svg = raster_svg(store, {"m", "s", 1}, 1000);
  Drawn raster = drawn(svg);
  BOOST_TEST(raster.marks <= 1000u);
  BOOST_TEST(raster.marks > 600u);
  BOOST_TEST(well_formed(raster.rest));
  BOOST_TEST((raster.rest.find("drawn: one cell in ") != std::string::npos));
  BOOST_TEST((svg == raster_svg(store, {"m", "s", 1}, 1000)));
}

BOOST_AUTO_TEST_CASE(a_picture_of_nothing_is_a_picture) {
  for (uint64_t steps : {0, 5}) {
    plan::Run run = test::small_run("0.1", steps);
    auto store = spikes_of(run, 1'000'000);
    Drawn raster = drawn(raster_svg(store, {"m", "s", 1}));
    BOOST_TEST(raster.marks == 0u);
    BOOST_TEST(well_formed(raster.rest));
    BOOST_TEST((raster.rest.find("nan") == std::string::npos && raster.rest.find("inf") == std::string::npos));
    run.populations.clear();
    BOOST_TEST(well_formed(drawn(raster_svg(spikes_of(run, 1), {"m", "s", 1})).rest));
  }
}
