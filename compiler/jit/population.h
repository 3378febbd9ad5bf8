// Cells held outside an engine: columns padded with copies of the last cell, and what a kernel writes. For the self-test
// (compiler/self_test.h) and the tests of lowering and JIT.
#pragma once
#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include "runtime/contract/kernel.h"
#include "runtime/contract/subnormals.h"

namespace eic::jit {

template <class R>
class Population {
 public:
  Population(size_t cells, size_t columns, const std::vector<double>& uniforms)
      : cells_(cells),
        padded_((cells + k_padding_cells - 1) / k_padding_cells * k_padding_cells),
        spikes_(padded_),
        fractions_(padded_),
        fault_values_(columns * k_padding_cells) {
    for (double x : uniforms) uniforms_.push_back(static_cast<R>(x));
    for (size_t i = 0; i < columns; i++) {
      storage_.emplace_back(static_cast<R*>(::operator new(padded_ * sizeof(R), std::align_val_t(k_alignment))));
      std::fill_n(storage_.back().get(), padded_, R(0));
      pointers_.push_back(storage_.back().get());
    }
  }

  template <class Make>
  void fill(size_t column, Make make) {
    R* out = storage_[column].get();
    for (size_t i = 0; i < padded_; i++) out[i] = i < cells_ ? static_cast<R>(make(i)) : out[cells_ - 1];
  }
  StepArgs run(StepFn kernel) { return run(kernel, 0, padded_); }
  StepArgs run(StepFn kernel, size_t begin, size_t end) {
    StepArgs args;
    args.cells = cells_;
    args.begin = begin;
    args.end = end;
    args.columns = pointers_.data();
    args.uniforms = uniforms_.data();
    args.spikes = spikes_.data();
    args.spike_fractions = fractions_.data();
    args.fault_values = fault_values_.data();
    FlushSubnormals flush;
    kernel(&args);
    return args;
  }
  void set_uniform(size_t i, R value) { uniforms_[i] = value; }
  R* column(size_t i) { return storage_[i].get(); }
  std::vector<R> cell(size_t i) const {
    std::vector<R> values;
    for (const auto& column : storage_) values.push_back(column[i]);
    return values;
  }
  const std::vector<R>& uniforms() const { return uniforms_; }
  const std::vector<uint32_t>& spikes() const { return spikes_; }
  const std::vector<R>& fractions() const { return fractions_; }
  const std::vector<R>& fault_values() const { return fault_values_; }
  void* const* pointers() const { return pointers_.data(); }
  size_t cells() const { return cells_; }
  size_t padded() const { return padded_; }

 private:
  struct Free {
    void operator()(R* p) const { ::operator delete(p, std::align_val_t(k_alignment)); }
  };
  size_t cells_, padded_;
  std::vector<std::unique_ptr<R[], Free>> storage_;
  std::vector<void*> pointers_;
  std::vector<R> uniforms_;
  std::vector<uint32_t> spikes_;
  std::vector<R> fractions_;
  std::vector<R> fault_values_;
};

}  // namespace eic::jit
