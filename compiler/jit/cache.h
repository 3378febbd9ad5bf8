// A folder of object files, each named after the key of what it was made from. A missing, foreign or read-only folder is no
// fault: then there is no cache. A damaged file is as good as none.
#pragma once
#include <llvm/Support/MemoryBuffer.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/jit/jit.h"
#include "compiler/lower/lower.h"

namespace eic::jit {

class ObjectCache {
 public:
  explicit ObjectCache(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::unique_ptr<llvm::MemoryBuffer> find(const std::string& key) const;
  void keep(const std::string& key, std::string_view object) const;

 private:
  std::filesystem::path folder_;
};

// Everything that decides the object code, as SHA-256 in hex: the functions, options and host, the version of LLVM and of
// the code that lowers.
std::string object_key(const std::vector<Unit>& units, const lower::Options& options, const std::string& host,
                       const source::SourceSet& sources);

}  // namespace eic::jit
