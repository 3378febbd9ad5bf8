// The floor: one exponential Euler step of the flagship's cell, written by hand for the vector unit. What a person would get
// out of the machine at full accuracy, and thus the yardstick of the compiled kernel; nothing but bench_kernel calls it.
// Built once for each instruction set, with contraction, which the project itself never uses. R is float or double.
#pragma once
#include <cstddef>
#include <cstdint>

namespace eic::bench {

// Aligned to 128 bytes, `cells` a multiple of 64. Conductances are divided by the capacitance (1/ms) and, as in the
// compiled kernel, kept one decay ahead.
template <class R>
struct FloorCells {
  size_t cells = 0;
  R *v = nullptr, *m = nullptr, *h = nullptr, *n = nullptr, *g_exc = nullptr, *g_inh = nullptr;
};

// Advances all cells by 0.1 ms; gives the number of spikes, whose indices it writes to `spikes`, ascending.
template <class R>
using FloorStep = size_t (*)(const FloorCells<R>& state, uint32_t* spikes);

#if defined(__x86_64__)
namespace avx2 { template <class R> size_t floor_step(const FloorCells<R>& state, uint32_t* spikes); }
namespace avx512 { template <class R> size_t floor_step(const FloorCells<R>& state, uint32_t* spikes); }
#else
namespace native { template <class R> size_t floor_step(const FloorCells<R>& state, uint32_t* spikes); }
#endif

}  // namespace eic::bench
