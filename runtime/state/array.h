// A block of uninitialised memory for one kind of number, aligned for the kernels; large ones ask for huge pages, since
// events land all over them. Running out throws std::bad_alloc, which Engine::build turns into a RunError.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace eic::state {

class Array {
 public:
  Array() = default;
  explicit Array(uint64_t bytes);

  uint64_t bytes() const { return bytes_; }
  void grow(uint64_t bytes);  // keeps what it holds

  template <class T>
  T* as() { return static_cast<T*>(held_.get()); }
  template <class T>
  const T* as() const { return static_cast<const T*>(held_.get()); }

 private:
  struct Free { void operator()(void* memory) const { std::free(memory); } };
  std::unique_ptr<void, Free> held_;
  uint64_t bytes_ = 0;
};

}  // namespace eic::state
