// Result<T, E>: a value, or why there is none. What passes between phases instead of exceptions.
#pragma once
#include <utility>
#include <variant>

#include "runtime/contract/check.h"

namespace eic {

template <class E>
struct Failure {
  E error;
};
template <class E>
Failure(E) -> Failure<E>;

template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  template <class F>
  Result(Failure<F> failure) : held_(std::in_place_index<1>, std::move(failure.error)) {}

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() { EIC_CHECK(ok(), "value() of a failed result"); return std::get<0>(held_); }
  const T& value() const { EIC_CHECK(ok(), "value() of a failed result"); return std::get<0>(held_); }
  E& error() { EIC_CHECK(!ok(), "error() of a good result"); return std::get<1>(held_); }
  const E& error() const { EIC_CHECK(!ok(), "error() of a good result"); return std::get<1>(held_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> held_;
};

}  // namespace eic
