// How many threads can run at once here, and where: what the process may use of the machine. Asked by the engine when it is to
// choose the number of its threads.
#pragma once
#include <vector>

namespace eic::threads {

// The processors of this thread's affinity, ascending; empty where the system does not say.
std::vector<unsigned> allowed_processors();
// How many of them can be busy all the time: a quota of the control group counts. At least 1.
unsigned processors();
// Binds the calling thread; false where the system refuses.
bool bind_to(unsigned processor);
bool bind_to(const std::vector<unsigned>& processors);

}  // namespace eic::threads
