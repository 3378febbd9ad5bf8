#include <boost/test/unit_test.hpp>

#include <cmath>
#include <set>

#include "runtime/random/elementary.h"
#include "runtime/random/sampler.h"

using namespace eic;
using random::Stream;
using Kind = plan::Draw::Kind;

namespace {

struct Moments {
  double mean, sd;
};

Moments moments(const plan::Draw& draw, uint64_t n = 200000) {
  const random::Sampler sampler(draw, random::key_of(1, "N", "v"));
  double sum = 0, squares = 0;
  for (uint64_t i = 0; i < n; ++i) {
    const double x = sampler.at(i);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / static_cast<double>(n);
  return {mean, std::sqrt(squares / static_cast<double>(n) - mean * mean)};
}

plan::Draw of(Kind kind, double a, double b = 0) { return {kind, a, b, {}, {}}; }

double ulps(double x, double exact) {
  return std::abs(x - exact) / (std::nextafter(std::abs(exact), INFINITY) - std::abs(exact));
}

}  // namespace

// The vectors of Random123's own tests (kat_vectors).
BOOST_AUTO_TEST_CASE(philox_gives_the_known_answers) {
  struct Known {
    uint32_t counter[4], key[2], answer[4];
  };
  const Known known[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
  for (const Known& k : known) {
    const philox4x32_ctr_t counter = {{k.counter[0], k.counter[1], k.counter[2], k.counter[3]}};
    const philox4x32_key_t key = {{k.key[0], k.key[1]}};
    const auto got = philox4x32_R(10, counter, key);
    for (int i = 0; i < 4; ++i) BOOST_TEST(got.v[i] == k.answer[i]);
  }
  Stream stream(random::Key{0}, 0);
  for (const uint32_t word : known[0].answer) BOOST_TEST(stream.word() == word);
}

BOOST_AUTO_TEST_CASE(stream_words_are_those_of_ascending_counters) {
  Stream stream(random::Key{0x299f31d0a4093822}, 0x0370734413198a2e);
  for (uint32_t block = 0; block < 40; ++block) {
    const philox4x32_ctr_t counter = {{block, 0, 0x13198a2e, 0x03707344}};
    const philox4x32_key_t key = {{0xa4093822, 0x299f31d0}};
    const auto drawn = philox4x32_R(10, counter, key);
    for (int i = 0; i < 4; ++i) BOOST_TEST(stream.word() == drawn.v[i]);
  }
}

BOOST_AUTO_TEST_CASE(keys_differ_by_seed_path_and_purpose) {
  std::set<uint64_t> keys;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    for (const char* path : {"A", "B", "AB"}) {
      for (const char* purpose : {"v", "", "Bv"}) keys.insert(random::key_of(seed, path, purpose).value);
    }
  }
  BOOST_TEST(keys.size() == 450u);
}

BOOST_AUTO_TEST_CASE(log_and_exp_are_within_two_ulp) {
  Stream stream(random::key_of(1, "test", "log"), 0);
  double worst_log = 0, worst_exp = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = std::ldexp(0.5 + stream.uniform(), static_cast<int>(stream.below(60)) - 52);
    worst_log = std::max(worst_log, ulps(random::log(x), static_cast<double>(std::log(static_cast<long double>(x)))));
    const double y = -700 + 1400 * stream.uniform();
    worst_exp = std::max(worst_exp, ulps(random::exp(y), static_cast<double>(std::exp(static_cast<long double>(y)))));
  }
  BOOST_TEST(worst_log <= 2.0);
  BOOST_TEST(worst_exp <= 2.0);
  BOOST_TEST(random::log(1.0) == 0.0);
  BOOST_TEST(random::exp(0.0) == 1.0);
  BOOST_TEST(random::exp(-1e9) == 0.0);
  BOOST_TEST(std::isinf(random::exp(1e9)));
  for (const double x : {1e-300, 1e-17, 1e-9, -1e-5, -0.3, 0.7}) BOOST_TEST(ulps(random::log1p(x), std::log1p(x)) <= 3.0);
}

BOOST_AUTO_TEST_CASE(normal_quantile_matches_published_values) {
  BOOST_TEST(random::normal_quantile(0.5) == 0.0);
  BOOST_TEST(random::normal_quantile(0.975) == 1.959963984540054, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(random::normal_quantile(0.001) == -3.090232306167813, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(random::normal_quantile(1e-20) == -9.262340089798408, boost::test_tools::tolerance(1e-15));
  for (double p = 0.0005; p < 1; p += 0.001) {  // against its own inverse
    BOOST_TEST(0.5 * std::erfc(-random::normal_quantile(p) / std::sqrt(2.0)) == p, boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(below_is_in_range_and_even) {
  for (const uint64_t n : {uint64_t{1}, uint64_t{3}, uint64_t{10}}) {
    std::vector<int> counts(n);
    Stream stream(random::key_of(1, "below", ""), n);
    for (int i = 0; i < 60000; ++i) ++counts[stream.below(n)];
    const double expected = 60000.0 / static_cast<double>(n);
    for (const int count : counts) BOOST_TEST(std::abs(count - expected) <= 5 * std::sqrt(expected));
  }
  Stream stream(random::key_of(1, "below", "wide"), 0);
  double sum = 0;
  const uint64_t wide = uint64_t{3} << 40, whole = uint64_t{1} << 32;
  for (int i = 0; i < 20000; ++i) {
    const uint64_t x = stream.below(wide);
    BOOST_REQUIRE(x < wide);
    sum += static_cast<double>(x) / static_cast<double>(wide);
    BOOST_REQUIRE(stream.below(whole) < whole);
  }
  BOOST_TEST(std::abs(sum / 20000 - 0.5) < 0.01);
}

BOOST_AUTO_TEST_CASE(distributions_have_their_moments) {
  const auto near = [](const plan::Draw& draw, double mean, double sd) {
    const Moments m = moments(draw);
    BOOST_TEST(std::abs(m.mean - mean) < 0.012 * sd);  // 5 standard errors
    BOOST_TEST(std::abs(m.sd / sd - 1) < 0.02);
  };
  near(of(Kind::Uniform, -70, -60), -65, 10 / std::sqrt(12.0));
  near(of(Kind::Normal, 3, 2), 3, 2);
  near(of(Kind::LogNormal, 4, 1), 4, 1);
  near(of(Kind::Exponential, 5), 5, 5);
  near(of(Kind::Gamma, 3, 2), 6, 2 * std::sqrt(3.0));
  near(of(Kind::Gamma, 0.5, 2), 1, std::sqrt(2.0));
  BOOST_TEST(moments(of(Kind::Constant, 7), 10).mean == 7.0);
}

BOOST_AUTO_TEST_CASE(draws_belong_to_their_index_not_to_an_order) {
  const plan::Draw normal = of(Kind::Normal, 0, 1);
  const random::Sampler sampler(normal, random::key_of(9, "N", "v"));
  std::vector<double> forward, backward(100);
  for (uint64_t i = 0; i < 100; ++i) forward.push_back(sampler.at(i));
  for (uint64_t i = 100; i-- > 0;) backward[i] = random::draw(normal, 9, "N", "v", i);
  BOOST_TEST(forward == backward);
  BOOST_TEST(random::draw(normal, 10, "N", "v", 0) != forward[0]);
}

// Bits that must never change: models that name a seed are reproducible for ever.
BOOST_AUTO_TEST_CASE(draws_keep_their_bits) {
  BOOST_TEST(random::key_of(1, "COBAHH.N", "v").value == 3866687833717238170u);
  BOOST_TEST(random::draw(of(Kind::Uniform, 0, 1), 1, "COBAHH.N", "v", 0) == 0.22216025912695347);
  BOOST_TEST(random::draw(of(Kind::Normal, 0, 1), 1, "COBAHH.N", "v", 0) == -0.76491775896627234);
  BOOST_TEST(random::draw(of(Kind::Gamma, 2, 1), 1, "COBAHH.N", "v", 0) == 0.86135540946594924);
  BOOST_TEST(random::draw(of(Kind::LogNormal, 2, 1), 1, "COBAHH.N", "v", 0) == 1.2463795612436519);
}
