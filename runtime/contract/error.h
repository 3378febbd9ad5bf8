// Why a run could not be built or went no further. Filled by the runtime, turned into a Diagnostic by the commands.
#pragma once
#include <cstdint>
#include <string>

namespace eic {

// Where in the model's text an entity of the plan was written (a source::Span, opaque here).
struct Origin {
  uint32_t file = 0, begin = 0, end = 0;
};

struct RunError {
  enum class Kind { Data, Rule, FileUnreadable, FileUnwritable, Limit, Memory, Numerical, BrokenPipe };
  Kind kind = Kind::Data;
  std::string message;  // lower case, the observation first: "`v0.csv` line 17: 3 columns where the header has 2"
  std::string help;     // may be empty
  Origin origin;        // of the entity in the model
};

}  // namespace eic
