// The graph that a seed gives is part of what eic promises: hashes of graphs, recorded from the first implementation of the rules.
// They hold for every number of threads and owners.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

#include "runtime/connect/connect.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;

namespace {

struct Case {
  std::string name;
  plan::Run run;
};

// FNV-1a over delay, source, target and weight, in the order of delivery at each target.
template <class ForEach>
uint64_t hash_of(uint64_t rows, ForEach for_each) {
  std::map<std::pair<uint64_t, uint64_t>, std::vector<std::pair<uint64_t, double>>> segments;  // of (-delay, row)
  for_each([&](uint64_t row, uint64_t delay, uint64_t target, double weight) { segments[{~delay, row}].emplace_back(target, weight); });
  uint64_t state = 0xcbf29ce484222325 ^ rows;
  const auto add = [&](uint64_t word) { for (int shift = 0; shift < 64; shift += 8) state = (state ^ (word >> shift & 255)) * 0x100000001b3; };
  for (auto& [at, found] : segments) {
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [target, weight] : found) {
      add(~at.first);
      add(at.second);
      add(target);
      add(std::bit_cast<uint64_t>(weight));
    }
  }
  return state;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto add = [&](std::string name, plan::Rule rule, uint64_t pre, uint64_t post, bool within, auto change) {
    plan::Run run = toy::run({toy::population("A", pre), toy::population("B", post)}, 10);
    run.projections.push_back(toy::projection(run, 0, within ? 0 : 1, std::move(rule)));
    change(run, run.projections[0]);
    all.push_back({std::move(name), std::move(run)});
  };
  const auto nothing = [](plan::Run&, plan::Projection&) {};
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal})
    for (const bool self : {true, false})
      for (const bool multi : {false, true})
        for (const uint64_t k : {3, 80, 599}) {
          plan::Rule rule = toy::rule(kind, kind == Kind::FixedTotal ? 600 * k : k, static_cast<double>(k) / 600);
          rule.self = self;
          rule.multi = multi;
          add(fmt::format("{} self {} multi {} k {}", int(kind), self, multi, k), rule, 600, 600, true, nothing);
        }
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal}) {
    const uint64_t k = 50;
    add(fmt::format("{} wide", int(kind)), toy::rule(kind, kind == Kind::FixedTotal ? 30 * k : k, 0.0005), 100, 140000, false, nothing);
    add(fmt::format("{} long", int(kind)), toy::rule(kind, kind == Kind::FixedTotal ? 3000 * k : k, 0.01), 70000, 30, false,
        [](plan::Run&, plan::Projection& p) { p.rule.k = p.rule.kind == Kind::FixedOutdegree ? 10 : p.rule.k; });
    add(fmt::format("{} views", int(kind)), toy::rule(kind, kind == Kind::FixedTotal ? 10000 : k, 0.1), 3000, 10, true, [](plan::Run& run, plan::Projection& p) {
      p.from = {0, 100, 1100};
      p.to = {0, 600, 3000};
      p.rule.self = false;
      run.seed = 7;
    });
    for (const bool single : {false, true})
      add(fmt::format("{} drawn single {}", int(kind), single), toy::rule(kind, kind == Kind::FixedTotal ? 30000 : k, 0.04), 900, 1300, false, [&](plan::Run& run, plan::Projection& p) {
        run.single = single;
        p.weight = plan::Draw{plan::Draw::Kind::Normal, 6e-3, 1e-3, {}, {}};
        p.delay = plan::Draw{plan::Draw::Kind::Normal, 4, 3, {}, {}};
      });
  }
  add("one to one", toy::rule(Kind::OneToOne), 1000, 1000, false, [](plan::Run&, plan::Projection& p) {
    p.weight = plan::Draw{plan::Draw::Kind::LogNormal, 6e-3, 1e-3, {}, {}};
    p.delay = plan::Draw{plan::Draw::Kind::Gamma, 2, 3, {}, {}};
  });
  add("all to all", toy::rule(Kind::AllToAll), 70, 300, false, [](plan::Run&, plan::Projection& p) {
    p.delay = plan::Draw{plan::Draw::Kind::Uniform, 1, 9, {}, {}};
  });
  return all;
}

const std::map<std::string, uint64_t> k_recorded = {
    {"0 self true multi false k 3", 0x7a913fd2fa57dfe1},
    {"0 self true multi false k 80", 0xdc49cde33a742d8d},
    {"0 self true multi false k 599", 0x80c7819d737bb3bc},
    {"0 self true multi true k 3", 0x7a913fd2fa57dfe1},
    {"0 self true multi true k 80", 0xdc49cde33a742d8d},
    {"0 self true multi true k 599", 0x80c7819d737bb3bc},
    {"0 self false multi false k 3", 0x37d278c49b61f746},
    {"0 self false multi false k 80", 0x3ba6c03225ef5f72},
    {"0 self false multi false k 599", 0x2e810c687606b0f8},
    {"0 self false multi true k 3", 0x37d278c49b61f746},
    {"0 self false multi true k 80", 0x3ba6c03225ef5f72},
    {"0 self false multi true k 599", 0x2e810c687606b0f8},
    {"1 self true multi false k 3", 0xf29a1963ad301c89},
    {"1 self true multi false k 80", 0x4fd0e9d8104d7af4},
    {"1 self true multi false k 599", 0xebf4a9fca8560b89},
    {"1 self true multi true k 3", 0x364781a206ec1bff},
    {"1 self true multi true k 80", 0x6e6d1acf922710eb},
    {"1 self true multi true k 599", 0x8a8d34c56422518f},
    {"1 self false multi false k 3", 0x10f17bc57b0bd75e},
    {"1 self false multi false k 80", 0x69e39b3a7153c3a1},
    {"1 self false multi false k 599", 0x046e19837b721e5d},
    {"1 self false multi true k 3", 0x1e942f6b20356781},
    {"1 self false multi true k 80", 0x3e514dbe0f622d67},
    {"1 self false multi true k 599", 0x456ba23aa0ef28a6},
    {"2 self true multi false k 3", 0x3b6fbd51ec4e9ca5},
    {"2 self true multi false k 80", 0xb7fd543c0ee30f54},
    {"2 self true multi false k 599", 0xbdfb1dffa6ec18b9},
    {"2 self true multi true k 3", 0x3c952270dbad8d8b},
    {"2 self true multi true k 80", 0x530518ca64581c2b},
    {"2 self true multi true k 599", 0xfd0ec2e6430e8f5f},
    {"2 self false multi false k 3", 0xcad228480376d2c2},
    {"2 self false multi false k 80", 0x93f0433bf7fd731d},
    {"2 self false multi false k 599", 0x046e19837b721e5d},
    {"2 self false multi true k 3", 0x1eb64a753742b7c5},
    {"2 self false multi true k 80", 0xa4bc3b7452980bcb},
    {"2 self false multi true k 599", 0x764ee8d9b25cb212},
    {"3 self true multi false k 3", 0x05f267c3ee35244e},
    {"3 self true multi false k 80", 0x069757e36e681568},
    {"3 self true multi false k 599", 0xd05cc130b6904737},
    {"3 self true multi true k 3", 0xa16811a1bfb5fe1c},
    {"3 self true multi true k 80", 0xdfc7be27410e0a01},
    {"3 self true multi true k 599", 0x9337811cb6f77cab},
    {"3 self false multi false k 3", 0xba0da906b2f1ed25},
    {"3 self false multi false k 80", 0xd4219ca3f690f54c},
    {"3 self false multi false k 599", 0x046e19837b721e5d},
    {"3 self false multi true k 3", 0xf9d771428eb0f45e},
    {"3 self false multi true k 80", 0x59130b5da93f02dd},
    {"3 self false multi true k 599", 0x8f5586dc1ffe29be},
    {"0 wide", 0x1a1675f9c76d624e},
    {"0 long", 0x177b52a4bfbc3df3},
    {"0 views", 0x4076c4a3735ccfb3},
    {"0 drawn single false", 0x94ddd9d40f4eb2ae},
    {"0 drawn single true", 0x08a39bafe1fb6781},
    {"1 wide", 0x1d4e7328a159edf4},
    {"1 long", 0x1724aaacf4e29f83},
    {"1 views", 0x4e567a15b86e5e11},
    {"1 drawn single false", 0x1d93590706f4894d},
    {"1 drawn single true", 0x88dca538961cc311},
    {"2 wide", 0x75fac4af5890e588},
    {"2 long", 0xcd665acf82508315},
    {"2 views", 0x58eea6c4e6607dc4},
    {"2 drawn single false", 0xd5db019b8ce77db1},
    {"2 drawn single true", 0x8317991e60a54538},
    {"3 wide", 0xa2b396515378dcf5},
    {"3 long", 0xb2f730162c751d59},
    {"3 views", 0xcd97066ef5972832},
    {"3 drawn single false", 0x4bc5a5d045e9a520},
    {"3 drawn single true", 0x1d0268b779ade3e8},
    {"one to one", 0x007d98e7db7819b9},
    {"all to all", 0x1ef7319e767d8748},
};

connect::Synapses drawn(const plan::Run& run, uint32_t threads, uint64_t owners) {
  state::Budget budget(1e12);
  const plan::Projection& projection = run.projections[0];
  const auto partitions = state::divide(run, owners);
  auto made = connect::connect({run, projection, budget, false, nullptr, &partitions[projection.to.population], threads});
  if (!made) BOOST_FAIL(made.error().message);
  return std::move(*made);
}

uint64_t graph_of(const connect::Synapses& synapses) {
  return hash_of(synapses.rows, [&](auto take) {
    synapses.for_each([&](uint64_t row, uint64_t group, uint32_t target, uint64_t at) { take(row, synapses.delays[group], target, synapses.weight(at)); });
  });
}

bool equal(const connect::Statistics& a, const connect::Statistics& b) {
  const auto counts = [](const connect::Statistics& s) {
    return std::tuple(s.synapses, s.in_min, s.in_max, s.out_min, s.out_max, s.autapses, s.multapses);
  };
  const auto delays = [](const connect::Statistics& s) {
    return s.delays ? std::tuple(s.delays->mean, s.delays->sd, s.delays->clipped, s.delays->shortest, s.delays->longest)
                    : std::tuple(0.0, 0.0, 0.0, uint64_t{0}, uint64_t{0});
  };
  return counts(a) == counts(b) && delays(a) == delays(b);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_seed_gives_the_graph_that_it_gave) {
  const std::vector<Case> all = cases();
  BOOST_TEST(all.size() == k_recorded.size());
  constexpr std::pair<uint32_t, uint64_t> k_ways[] = {{2, 1}, {3, 2}, {4, 3}, {8, 5}, {1, 4}};
  for (uint64_t i = 0; i < all.size(); ++i) {
    const connect::Synapses one = drawn(all[i].run, 1, 1);
    BOOST_TEST(graph_of(one) == k_recorded.at(all[i].name), all[i].name);
    const auto [threads, owners] = k_ways[i % std::size(k_ways)];
    const connect::Synapses other = drawn(all[i].run, threads, owners);
    BOOST_TEST(graph_of(other) == k_recorded.at(all[i].name), all[i].name << ", threads " << threads << ", owners " << owners);
    BOOST_TEST(equal(one.statistics, other.statistics), all[i].name);
  }
}

BOOST_AUTO_TEST_CASE(threads_do_not_matter) {
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal}) {
    plan::Run run = toy::run({toy::population("A", 1000), toy::population("B", 150000)}, 10);
    run.projections.push_back(toy::projection(run, 0, 1, toy::rule(kind, kind == Kind::FixedTotal ? 200000 : kind == Kind::FixedIndegree ? 2 : 200, 200.0 / 150000)));
    run.projections[0].weight = plan::Draw{plan::Draw::Kind::Uniform, 1, 2, {}, {}};
    const connect::Synapses one = drawn(run, 1, 1);
    const uint64_t graph = graph_of(one);
    for (const uint32_t threads : {2, 3, 4, 8}) {
      const connect::Synapses more = drawn(run, threads, threads == 3 ? 7 : 1);
      BOOST_TEST(graph_of(more) == graph);
      BOOST_TEST(equal(more.statistics, one.statistics));
    }
  }
}

BOOST_AUTO_TEST_CASE(blocks_cover_the_targets) {
  for (const uint64_t cells : {1, 65535, 65536, 65537, 131072, 131073}) {
    for (const uint64_t owners : {1, 3}) {
      plan::Run run = toy::run({toy::population("A", cells)}, 10);
      run.projections.push_back(toy::projection(run, 0, 0, toy::rule(Kind::OneToOne)));
      if (cells > 60000) run.projections[0].from = run.projections[0].to = {0, 5000, cells};
      const connect::Synapses synapses = drawn(run, 2, owners);
      const state::Partition partition = state::divide(run, owners)[0];
      uint64_t next = run.projections[0].to.begin;
      for (const connect::Block& block : synapses.blocks) {
        BOOST_TEST(block.first == next);
        next += block.cells;
        BOOST_TEST((block.cells > 0 && (block.cells <= 65536 || !synapses.narrow)));
        BOOST_TEST((partition.owner_of(block.first) == block.owner && partition.owner_of(next - 1) == block.owner));
      }
      BOOST_TEST(next == cells);
      uint64_t wrong = 0;
      synapses.for_each([&](uint64_t row, uint64_t, uint32_t target, uint64_t at) {
        wrong += target != row + run.projections[0].to.begin || at != row ? 1 : 0;
      });
      BOOST_TEST(wrong == 0u);
      // many to each block, so that targets are u16: the last of each block and the first of the next are there
      run.projections[0] = toy::projection(run, 0, 0, toy::rule(Kind::AllToAll));
      run.projections[0].from = {0, 0, 1};
      const connect::Synapses all = drawn(run, 1, owners);
      BOOST_TEST(all.narrow);
      uint64_t place = 0;
      all.for_each([&](uint64_t, uint64_t, uint32_t target, uint64_t at) { wrong += target != place++ || at != target ? 1 : 0; });
      BOOST_TEST((wrong == 0 && place == cells));
    }
  }
}

// As many as there are, or all but one: no draw is tried again and again.
BOOST_AUTO_TEST_CASE(nearly_all_of_many_cells) {
  constexpr uint64_t n = 20000, few = 40;
  for (const uint64_t k : {n - 1, n}) {
    plan::Run run = toy::run({toy::population("A", few), toy::population("B", n)}, 10);
    run.projections.push_back(toy::projection(run, 0, 1, toy::rule(Kind::FixedOutdegree, k)));
    auto s = drawn(run, 2, 1).statistics;
    BOOST_TEST((s.synapses == few * k && s.out_min == k && s.out_max == k && s.multapses == 0 && s.in_max <= few));
    run.projections[0] = toy::projection(run, 1, 0, toy::rule(Kind::FixedIndegree, k));
    s = drawn(run, 2, 1).statistics;
    BOOST_TEST((s.synapses == few * k && s.in_min == k && s.out_max <= few && s.multapses == 0));
    run.projections[0] = toy::projection(run, 0, 1, toy::rule(Kind::FixedTotal, few * k - few / 2));
    s = drawn(run, 2, 1).statistics;
    BOOST_TEST((s.synapses == few * k - few / 2 && s.multapses == 0 && s.out_max <= n));
  }
}

BOOST_AUTO_TEST_CASE(an_interruption_ends_the_drawing) {
  const std::atomic<int> interrupt = 2;
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal, Kind::AllToAll}) {
    plan::Run run = toy::run({toy::population("A", 2000)}, 10);
    run.projections.push_back(toy::projection(run, 0, 0, toy::rule(kind, 100, 0.1)));
    state::Budget budget(1e12);
    const auto made = connect::connect({.run = run, .projection = run.projections[0], .budget = budget, .threads = 2, .interrupt = &interrupt});
    BOOST_REQUIRE(!made);
    BOOST_TEST(made.error().message == "interrupted while the network was built");
  }
}
