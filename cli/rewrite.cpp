#include "cli/rewrite.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/record/atomic_file.h"

namespace eic::cli {

std::optional<RunError> rewrite(const std::string& file, const std::string& text) {
  struct stat found;
  bool writable = ::stat(file.c_str(), &found) == 0 && (found.st_mode & 0222) != 0 && ::access(file.c_str(), W_OK) == 0;
  if (!writable) return RunError{RunError::Kind::FileUnwritable, fmt::format("`{}` cannot be written: it is read-only", file)};
  return record::write_file(file, text);
}

}  // namespace eic::cli
