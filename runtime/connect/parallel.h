// Work in chunks, by several threads. Every chunk is taken once and in order, so the first fault is that of the lowest chunk
// that has one, however many threads there are.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "runtime/contract/error.h"

namespace eic::connect {

using Work = std::function<std::optional<RunError>(uint64_t chunk, uint32_t worker)>;

RunError interruption();

// Stops handing out chunks after a fault, and when `interrupt` becomes nonzero, which is a fault too. `worker` counts the threads.
std::optional<RunError> for_chunks(uint32_t threads, const std::atomic<int>* interrupt, uint64_t chunks, const Work& work);

}  // namespace eic::connect
