#include <llvm/ADT/StringExtras.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/Support/SHA256.h>

#include <set>

#include "compiler/jit/cache.h"

namespace eic::jit {

namespace {

// Appends to the hash; texts carry their length, so that no two inputs run into one another.
class Hasher {
 public:
  template <class T>
  void add(const T& value) {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    buffer_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void add_text(std::string_view text) {
    add(text.size());
    buffer_.append(text);
  }
  std::string hex() const {
    return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(buffer_)), /*LowerCase=*/true);
  }

 private:
  std::string buffer_;
};

// `positions` is null without debug locations; the files that these point into are collected in `files`.
void add_function(Hasher& hasher, const ir::Function& function, const source::SourceSet* positions, std::set<uint32_t>& files) {
  auto add_span = [&](ir::Span span) {
    if (!positions || span.file >= positions->size()) return;
    files.insert(span.file);
    source::Position at = positions->get(span.file).position(span.begin);
    hasher.add(span.file);
    hasher.add(at.line);
    hasher.add(at.column);
  };
  hasher.add_text(function.name);
  hasher.add(function.columns.size());
  for (const ir::Slot& slot : function.columns) {
    hasher.add(slot.index);
    hasher.add(slot.steps);
  }
  hasher.add(function.uniforms.size());
  hasher.add(function.values.size());
  for (const ir::Value& value : function.values) {
    hasher.add(value.op);
    for (ir::ValueId id : value.args) hasher.add(id);
    hasher.add(value.number);
    hasher.add(value.integer);
    hasher.add(value.slot);
    add_span(value.span);
  }
  hasher.add(function.stores.size());
  for (const ir::Store& store : function.stores) {
    hasher.add(store.slot);
    hasher.add(store.value);
    hasher.add(store.guarded);
    add_span(store.span);
  }
  hasher.add(function.spike.value_or(ir::k_no_value));
  hasher.add(function.spike_fraction.value_or(ir::k_no_value));
  hasher.add(function.guard.value_or(ir::k_no_value));
}

}  // namespace

std::string object_key(const std::vector<Unit>& units, const lower::Options& options, const std::string& host,
                       const source::SourceSet& sources) {
  Hasher hasher;
  hasher.add_text(EIC_LOWERING_DIGEST);
  hasher.add_text(LLVM_VERSION_STRING);
  hasher.add_text(host);
  hasher.add(k_kernel_abi);
  hasher.add(options.precision);
  hasher.add(options.width);
  hasher.add(options.debug_info);
  hasher.add_text(options.texts);
  std::set<uint32_t> files;
  for (const Unit& unit : units) {
    hasher.add(unit.population);
    hasher.add(unit.role);
    hasher.add(unit.port);
    add_function(hasher, unit.function, options.debug_info ? &sources : nullptr, files);
    hasher.add(unit.quick.has_value());
    if (unit.quick) add_function(hasher, *unit.quick, options.debug_info ? &sources : nullptr, files);
  }
  for (uint32_t id : files) {
    hasher.add_text(sources.get(id).name());
    hasher.add_text(sources.get(id).path().native());
  }
  return hasher.hex();
}

}  // namespace eic::jit
