// In: where the time of a command went, filled by it from what the engine measured. Out: the tables and the JSON of
// `eic run --profile`. Plain data; seconds unless said otherwise.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eic::report {

struct ProfileReport {
  // Of the whole command; `other` is what is left of `total_s`.
  double read_s = 0, plan_s = 0, compile_s = 0, build_s = 0, run_s = 0, files_s = 0, total_s = 0;
  double other_s() const { return total_s - read_s - plan_s - compile_s - build_s - run_s - files_s; }

  // Of run_s, for each thread; the parts of a row add up to it.
  struct Thread {
    double deliver_s = 0, stimuli_s = 0, update_s = 0, gaps_s = 0, record_s = 0, wait_s = 0, other_s = 0;
  };
  std::vector<Thread> threads;
  uint64_t steps = 0;

  // Seconds of all threads together.
  struct Population {
    std::string name;
    uint64_t cell_steps = 0, bytes = 0;       // that the kernel read and wrote
    double update_s = 0, stimuli_s = 0;
    uint64_t operations = 0;                  // of the kernel, a vector of cells
    double floor_ns = 0;                      // a cell and step, at two vector operations a cycle
  };
  struct Projection {
    std::string name;
    uint64_t events = 0, bytes = 0;           // of targets and weights that were read
    double deliver_s = 0;
  };
  struct Stimulus {
    std::string name;
    uint64_t events = 0;
    double deliver_s = 0;
  };
  std::vector<Population> populations;
  std::vector<Projection> projections;
  std::vector<Stimulus> stimuli;              // that send events
  double clock_ghz = 0;                       // as measured, for the floor
};

nlohmann::ordered_json profile_json(const ProfileReport& profile);
std::string profile_text(const ProfileReport& profile);

}  // namespace eic::report
