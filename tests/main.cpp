#define BOOST_TEST_MODULE eic
#include <boost/test/unit_test.hpp>
