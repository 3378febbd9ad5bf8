#include "compiler/source/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "compiler/source/limits.h"

namespace eic::source {

namespace fs = std::filesystem;

// What the system says, as the middle of a sentence.
static std::string reason(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

Source::Source(uint32_t id, std::string name, fs::path path, std::string text)
    : id_(id), name_(std::move(name)), path_(std::move(path)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (size_t i = 0; i < text_.size(); i++)
    if (text_[i] == '\n') line_starts_.push_back(static_cast<uint32_t>(i + 1));
}

Position Source::position(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  Position at;
  at.line = static_cast<uint32_t>(after - line_starts_.begin());
  for (uint32_t i = line_starts_[at.line - 1]; i < offset; i++)
    if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80) at.column++;
  return at;
}

std::string_view Source::line(uint32_t number) const {
  if (number == 0 || number > line_count()) return {};
  uint32_t begin = line_starts_[number - 1];
  size_t end = text_.find('\n', begin);
  if (end == std::string::npos) end = text_.size();
  if (end > begin && text_[end - 1] == '\r') end--;
  return std::string_view(text_).substr(begin, end - begin);
}

uint32_t Source::line_begin(uint32_t number) const { return line_starts_[number - 1]; }

void SourceSet::add_root(const fs::path& folder) {
  std::error_code ec;
  fs::path canonical = fs::canonical(folder, ec);
  if (!ec) roots_.push_back(canonical);
}

Result<const Source*, LoadError> SourceSet::load(const fs::path& path, const std::string& name) {
  std::error_code ec;
  fs::path canonical = fs::canonical(path, ec);
  if (ec) return Failure{LoadError{LoadFault::NotFound, reason(ec.message())}};
  for (const auto& known : sources_)
    if (known->path() == canonical) return static_cast<const Source*>(known.get());
  if (!fs::is_regular_file(canonical, ec)) return Failure{LoadError{LoadFault::NotRegular, "not a regular file"}};
  std::FILE* file = std::fopen(canonical.c_str(), "rb");
  if (!file) return Failure{LoadError{LoadFault::Unreadable, reason(std::strerror(errno))}};
  std::string text;
  std::vector<char> buffer(1 << 16);
  size_t got = 0;
  while ((got = std::fread(buffer.data(), 1, buffer.size(), file)) > 0 && text.size() <= k_max_file_bytes)
    text.append(buffer.data(), got);
  bool failed = std::ferror(file) != 0;
  std::string why = failed ? reason(std::strerror(errno)) : "";
  std::fclose(file);
  if (failed) return Failure{LoadError{LoadFault::Unreadable, why}};
  if (text.size() > k_max_file_bytes)
    return Failure{LoadError{LoadFault::TooLarge, fmt::format("the limit is {} bytes", k_max_file_bytes)}};
  auto id = static_cast<uint32_t>(sources_.size());
  if (sources_.empty()) add_root(canonical.parent_path());
  sources_.push_back(std::make_unique<Source>(id, name, canonical, std::move(text)));
  return static_cast<const Source*>(sources_.back().get());
}

const Source& SourceSet::add_text(std::string name, std::string text) {
  auto id = static_cast<uint32_t>(sources_.size());
  sources_.push_back(std::make_unique<Source>(id, std::move(name), fs::path(), std::move(text)));
  return *sources_.back();
}

Result<fs::path, LoadError> SourceSet::resolve(const Source& from, const std::string& relative) const {
  fs::path asked = fs::path(relative);
  std::vector<fs::path> candidates;
  if (asked.is_absolute()) {
    candidates.push_back(asked);
  } else {
    if (!from.path().empty()) candidates.push_back(from.path().parent_path() / asked);
    for (const auto& root : roots_) candidates.push_back(root / asked);
    if (from.path().empty() && roots_.empty()) candidates.push_back(fs::current_path() / asked);
  }
  std::error_code ec;
  for (const auto& candidate : candidates) {
    fs::path canonical = fs::canonical(candidate, ec);
    if (ec) continue;
    bool inside = std::any_of(roots_.begin(), roots_.end(), [&](const fs::path& root) {
      auto [r, c] = std::mismatch(root.begin(), root.end(), canonical.begin(), canonical.end());
      return r == root.end();
    });
    if (!inside) return Failure{LoadError{LoadFault::OutsideRoots, canonical.string()}};
    if (!fs::is_regular_file(canonical, ec)) return Failure{LoadError{LoadFault::NotRegular, canonical.string()}};
    return canonical;
  }
  return Failure{LoadError{LoadFault::NotFound, relative}};
}

}  // namespace eic::source
