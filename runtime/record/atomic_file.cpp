#include "runtime/record/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace eic::record {
namespace {

namespace fs = std::filesystem;
constexpr size_t k_buffer = 1 << 20;
constexpr size_t k_longest_stem = 200;  // of a temporary name; names end at 255 bytes

// "No space left on device" → "no space left on device".
RunError unwritable(const std::string& path, std::string reason) {
  if (!reason.empty()) reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
  return {RunError::Kind::FileUnwritable, fmt::format("`{}` cannot be written: {}", path, reason)};
}

std::string temporary_name(const fs::path& path) {
  static std::atomic<uint64_t> counter{0};
  std::string stem = path.filename().string().substr(0, k_longest_stem);
  return (path.parent_path() / fmt::format(".{}.{}-{}.tmp", stem, ::getpid(), counter++)).string();
}

// Written through: the link stays and what it points to is replaced.
std::string behind_links(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_symlink(path, ignored)) return path;
  fs::path target = fs::canonical(path, ignored);
  return ignored ? path : target.string();
}

// Owner and mode of the file that is replaced, as far as we may set them.
void inherit(int descriptor, const struct stat& from) {
  if (::fchown(descriptor, from.st_uid, from.st_gid) == 0) ::fchmod(descriptor, from.st_mode & 07777);
  else ::fchmod(descriptor, from.st_mode & 0777);
}

}  // namespace

Result<AtomicFile, RunError> AtomicFile::create(const std::string& path) {
  struct stat found;
  bool stands = ::stat(path.c_str(), &found) == 0;
  if (stands && !S_ISREG(found.st_mode))
    return Failure{unwritable(path, S_ISDIR(found.st_mode) ? "it is a folder" : "it is not a regular file")};
  std::string final_path = behind_links(path);
  for (;;) {
    std::string temporary = temporary_name(final_path);
    int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      if (stands) inherit(descriptor, found);
      return AtomicFile(path, std::move(temporary), descriptor);
    }
    if (errno != EEXIST && errno != EINTR) return Failure{unwritable(path, std::strerror(errno))};
  }
}

AtomicFile::AtomicFile(std::string path, std::string temporary, int descriptor)
    : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::move(other.temporary_)), buffer_(std::move(other.buffer_)),
      descriptor_(std::exchange(other.descriptor_, -1)), bytes_(other.bytes_), fault_(std::move(other.fault_)) {
  other.temporary_.clear();
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::write(std::string_view text) {
  if (faulted()) return;
  buffer_.append(text);
  if (buffer_.size() >= k_buffer) flush();
}

void AtomicFile::flush() {
  size_t done = 0;
  while (done < buffer_.size() && !faulted()) {
    ssize_t n = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (n >= 0) done += static_cast<size_t>(n);
    else if (errno != EINTR) fail(errno);
  }
  if (faulted()) {
    size_t newline = buffer_.rfind('\n', done == 0 ? 0 : done - 1);
    done = done == 0 || newline == std::string::npos ? 0 : newline + 1;
    if (::ftruncate(descriptor_, static_cast<off_t>(bytes_ + done)) != 0) return discard();  // torn, and cannot be mended
  }
  bytes_ += done;
  buffer_.clear();
}

void AtomicFile::fail(int error) {
  if (!faulted()) fault_ = unwritable(path_, std::strerror(error));
}

std::optional<RunError> AtomicFile::commit() {
  if (!faulted()) flush();
  if (faulted()) return fault_;
  return settle(path_);
}

std::optional<RunError> AtomicFile::keep_as(std::string_view suffix) {
  if (!faulted()) flush();
  std::optional<RunError> before = fault_;
  if (temporary_.empty()) return before;
  fault_.reset();  // what did reach the disk is worth its name
  std::optional<RunError> now = settle(suffixed(path_, suffix));
  fault_ = before ? before : now;
  return fault_;
}

std::optional<RunError> AtomicFile::settle(const std::string& name) {
  EIC_CHECK(descriptor_ >= 0, "a file is settled twice");
  // A delayed write fault shows at fsync or close, and must show before the rename.
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOTSUP) fail(errno);
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail(errno);
  if (!faulted() && ::rename(temporary_.c_str(), behind_links(name).c_str()) != 0) fail(errno);
  if (faulted()) {
    discard();
    return fault_;
  }
  temporary_.clear();
  path_ = name;
  return std::nullopt;
}

std::optional<RunError> AtomicFile::conclude(Outcome outcome) {
  if (!faulted()) flush();
  if (!faulted() && outcome == Outcome::Complete) return commit();
  std::optional<RunError> error = keep_as(faulted() || outcome == Outcome::Failed ? "failed" : "interrupted");
  if (error && temporary_.empty() && bytes_ > 0)
    error->help = fmt::format("what was written before is kept in `{}`", path_);
  return error;
}

void AtomicFile::discard() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  temporary_.clear();
  buffer_.clear();
  bytes_ = 0;
}

std::string suffixed(const std::string& path, std::string_view suffix) {
  fs::path whole(path);
  return (whole.parent_path() / fmt::format("{}.{}{}", whole.stem().string(), suffix, whole.extension().string())).string();
}

std::optional<RunError> write_file(const std::string& path, std::string_view text) {
  auto file = AtomicFile::create(path);
  if (!file) return file.error();
  file->write(text);
  return file->commit();
}

std::optional<RunError> create_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return unwritable(path, error.message());
  return std::nullopt;
}

}  // namespace eic::record
