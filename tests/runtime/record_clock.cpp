#include <boost/test/unit_test.hpp>
#include <charconv>
#include <random>

#include "runtime/record/step_clock.h"

using eic::record::StepClock;

BOOST_AUTO_TEST_CASE(times_print_as_they_would_be_written) {
  StepClock tenth("0.1");
  BOOST_TEST(tenth.text_ms(0) == "0");
  BOOST_TEST(tenth.text_ms(3) == "0.3");
  BOOST_TEST(tenth.text_ms(10) == "1");
  BOOST_TEST(tenth.text_ms(1001) == "100.1");
  BOOST_TEST(tenth.text_ms(100000) == "10000");
  BOOST_TEST(StepClock("0.025").text_ms(3) == "0.075");
  BOOST_TEST(StepClock("1e-2").text_ms(7) == "0.07");
  BOOST_TEST(StepClock("2.50E-1").text_ms(2) == "0.5");
  BOOST_TEST(StepClock("1e+1").text_ms(12) == "120");
  BOOST_TEST(StepClock("00.0100").text_ms(1) == "0.01");
  BOOST_TEST(StepClock("1e-7").text_ms(5) == "0.0000005");
  BOOST_TEST(StepClock().text_ms(5) == "5");
}

BOOST_AUTO_TEST_CASE(every_time_reads_back_as_the_double_nearest_to_the_exact_one) {
  std::mt19937_64 random(3);
  for (const char* dt : {"0.1", "0.05", "0.025", "0.0125", "0.01", "0.3", "1", "2", "10", "0.0001", "0.123456789", "1e-12"}) {
    StepClock clock(dt);
    BOOST_TEST(clock.exact());
    for (int i = 0; i < 3000; ++i) {
      uint64_t steps = i < 1000 ? i : random() >> (random() % 63);
      std::string text = clock.text_ms(steps);
      double read = 0;
      auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), read);
      BOOST_REQUIRE(fault == std::errc() && stop == text.data() + text.size());
      BOOST_REQUIRE_EQUAL(read, clock.ms(steps));
      // Long double holds steps·mantissa of these exactly or nearly so: the double is within half an ulp of it.
      long double exact = static_cast<long double>(steps) * std::stold(dt);
      BOOST_REQUIRE_LE(std::abs(static_cast<long double>(read) - exact), exact * 1.12e-16L);
      // No shorter text reads back.
      char shortest[400];
      auto end = std::to_chars(shortest, shortest + sizeof shortest, read, std::chars_format::fixed).ptr;
      BOOST_REQUIRE_EQUAL(text, std::string(shortest, end));
    }
  }
}

BOOST_AUTO_TEST_CASE(whole_milliseconds_are_floors_of_exact_times) {
  StepClock tenth("0.1");
  BOOST_TEST(tenth.whole_ms(9) == 0u);
  BOOST_TEST(tenth.whole_ms(10) == 1u);
  for (uint64_t k = 0; k < 100000; ++k) BOOST_REQUIRE_EQUAL(tenth.whole_ms(k), k / 10);
  StepClock odd("0.3");
  for (uint64_t k = 0; k < 100000; ++k) BOOST_REQUIRE_EQUAL(odd.whole_ms(k), 3 * k / 10);
  BOOST_TEST(StepClock("20").whole_ms(3) == 60u);
}

BOOST_AUTO_TEST_CASE(a_dt_beyond_exact_arithmetic_still_gives_times) {
  StepClock clock("0.1234567890123456789012345");
  BOOST_TEST(!clock.exact());
  BOOST_TEST(clock.ms(2) == 2 * 0.1234567890123456789012345);
  BOOST_TEST(clock.whole_ms(9) == 1u);
  BOOST_TEST(StepClock("0.10000000000000000000000000").exact());
}

BOOST_AUTO_TEST_CASE(a_time_within_a_step_never_leaves_it) {
  for (const char* dt : {"0.1", "0.025", "0.0125", "0.3"}) {
    StepClock clock(dt);
    for (uint64_t step : {0ull, 1ull, 2ull, 7ull, 1234567ull, 40000000003ull})
      for (double fraction : {0.0, 1e-300, 1e-17, 0.1, 1.0 / 3, 0.9999999999999999, 1.0}) {
        double time = clock.ms(step, fraction);
        BOOST_TEST((clock.ms(step) <= time && time <= clock.ms(step + 1)));
        if (fraction == 0) BOOST_TEST(time == clock.ms(step));
        if (fraction == 1) BOOST_TEST(time == clock.ms(step + 1));
      }
  }
  BOOST_TEST(StepClock("0.1").ms(2, 0.5) == 0.25);
}
