// In: paths, or text with a name. Out: Source (text and line table) and SourceSet, which owns them and resolves imports.
// Every phase reads positions through it; nothing else in the compiler opens a file.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/span.h"
#include "runtime/contract/result.h"

namespace eic::source {

struct Position {
  uint32_t line = 1;
  uint32_t column = 1;  // in code points
};

class Source {
 public:
  Source(uint32_t id, std::string name, std::filesystem::path path, std::string text);
  uint32_t id() const { return id_; }
  const std::string& name() const { return name_; }                // as printed in diagnostics
  const std::filesystem::path& path() const { return path_; }      // canonical; empty for the library and for standard input
  std::string_view text() const { return text_; }
  Position position(uint32_t offset) const;
  std::string_view line(uint32_t number) const;                    // 1-based, without its newline
  uint32_t line_begin(uint32_t number) const;
  uint32_t line_count() const { return static_cast<uint32_t>(line_starts_.size()); }
  Span whole() const { return {id_, 0, static_cast<uint32_t>(text_.size())}; }

 private:
  uint32_t id_;
  std::string name_;
  std::filesystem::path path_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

enum class LoadFault { NotFound, NotRegular, Unreadable, TooLarge, OutsideRoots };
struct LoadError {
  LoadFault fault;
  std::string detail;  // the system's reason, or the size
};

class SourceSet {
 public:
  // The folders that imports and CSV files may come from, besides the model's own.
  void add_root(const std::filesystem::path& folder);
  Result<const Source*, LoadError> load(const std::filesystem::path& path, const std::string& name);
  const Source& add_text(std::string name, std::string text);
  const Source& get(uint32_t id) const { return *sources_[id]; }
  size_t size() const { return sources_.size(); }
  // `relative` as written in `from`; follows symlinks, then demands that the result lies in the folder of the first
  // model loaded or in a given root. Fails with NotFound, NotRegular or OutsideRoots.
  Result<std::filesystem::path, LoadError> resolve(const Source& from, const std::string& relative) const;

 private:
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::filesystem::path> roots_;
};

}  // namespace eic::source
