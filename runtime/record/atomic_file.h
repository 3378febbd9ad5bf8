// In: bytes and a final name. Out: a file that stands under its final name only when whole, or a RunError with the path and
// the system's reason. The only writer of output files; used by every recorder and by the reports.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/contract/error.h"
#include "runtime/contract/result.h"
#include "runtime/record/recorder.h"

namespace eic::record {

struct WrittenFile {
  std::string path;
  uint64_t bytes = 0;
};

class AtomicFile {
 public:
  // Opens a temporary file beside `path`, with the mode and owner of what it will replace. A `path` that is a folder, a device
  // or a pipe is refused at once.
  static Result<AtomicFile, RunError> create(const std::string& path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();  // what was neither committed nor kept is unlinked

  // Buffered. After a fault nothing more is taken; what stands on disk is cut back to its last whole line.
  void write(std::string_view text);
  bool faulted() const { return fault_.has_value(); }

  // Gives the file its final name.
  std::optional<RunError> commit();
  // Gives it a name that says why it is not whole: keep_as("interrupted") makes `spikes.interrupted.csv`.
  std::optional<RunError> keep_as(std::string_view suffix);
  // One of the two, by `outcome`; after a fault of its own the file is kept as `failed` and the fault returned.
  std::optional<RunError> conclude(Outcome outcome);

  // Where it stands, and how much; the final name before it is committed or kept.
  WrittenFile written() const { return {path_, bytes_ + buffer_.size()}; }

 private:
  AtomicFile(std::string path, std::string temporary, int descriptor);
  void flush();
  void fail(int error);
  std::optional<RunError> settle(const std::string& name);
  void discard();

  std::string path_, temporary_, buffer_;
  int descriptor_ = -1;
  uint64_t bytes_ = 0;  // on disk
  std::optional<RunError> fault_;
};

// `v.csv`, "failed" → `v.failed.csv`.
std::string suffixed(const std::string& path, std::string_view suffix);

// The whole of a small file: `run.json`, a picture.
std::optional<RunError> write_file(const std::string& path, std::string_view text);

// The output folder with its parents; one that stands already is fine.
std::optional<RunError> create_folder(const std::string& path);

}  // namespace eic::record
