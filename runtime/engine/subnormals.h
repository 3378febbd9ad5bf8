// While one of these lives, the thread reads and writes subnormal numbers as zero (docs/numerics.md, Bits).
#pragma once
#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace eic::engine {

class FlushSubnormals {
 public:
  FlushSubnormals() : before_(control()) { set_control(before_ | k_flush); }
  ~FlushSubnormals() { set_control(before_); }
  FlushSubnormals(const FlushSubnormals&) = delete;
  FlushSubnormals& operator=(const FlushSubnormals&) = delete;

 private:
#if defined(__x86_64__)
  static constexpr uint32_t k_flush = 0x8040;  // FTZ and DAZ
  static uint32_t control() { return _mm_getcsr(); }
  static void set_control(uint32_t value) { _mm_setcsr(value); }
  uint32_t before_;
#elif defined(__aarch64__)
  static constexpr uint64_t k_flush = uint64_t{1} << 24;  // FZ
  static uint64_t control() { uint64_t value; asm volatile("mrs %0, fpcr" : "=r"(value)); return value; }
  static void set_control(uint64_t value) { asm volatile("msr fpcr, %0" : : "r"(value)); }
  uint64_t before_;
#else
#error "eic runs on x86-64 and aarch64"
#endif
};

}  // namespace eic::engine
