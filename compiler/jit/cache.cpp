#include "compiler/jit/cache.h"

#include <fmt/format.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>
#include <unistd.h>

#include <cstdio>

namespace eic::jit {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_magic = "eic object 2\n";  // then the digest of the object, then the object
constexpr size_t k_digest_bytes = sizeof(llvm::XXH128_hash_t);
constexpr size_t k_header_bytes = k_magic.size() + k_digest_bytes;

// Against damage, not against malice: who may write the folder may write any object into it.
std::string digest(std::string_view bytes) {
  auto hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(llvm::StringRef(bytes.data(), bytes.size())));
  return {reinterpret_cast<const char*>(&hash), sizeof hash};
}

}  // namespace

std::unique_ptr<llvm::MemoryBuffer> ObjectCache::find(const std::string& key) const {
  auto file = llvm::MemoryBuffer::getFile((folder_ / (key + ".o")).string(), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file) return nullptr;
  std::string_view bytes((*file)->getBufferStart(), (*file)->getBufferSize());
  if (bytes.size() < k_header_bytes || !bytes.starts_with(k_magic)) return nullptr;
  std::string_view object = bytes.substr(k_header_bytes);
  if (digest(object) != bytes.substr(k_magic.size(), k_digest_bytes)) return nullptr;
  return llvm::MemoryBuffer::getMemBufferCopy({object.data(), object.size()}, key);  // aligned, as the linker wants it
}

// Written beside its name and renamed when whole: another process sees all of it or nothing.
void ObjectCache::keep(const std::string& key, std::string_view object) const {
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  fs::path part = folder_ / fmt::format("{}.{}.part", key, getpid());
  std::FILE* file = std::fopen(part.c_str(), "wb");
  if (!file) return;
  auto write = [&](std::string_view bytes) { return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size(); };
  bool whole = write(k_magic) && write(digest(object)) && write(object);
  whole = std::fclose(file) == 0 && whole;
  if (whole) fs::rename(part, folder_ / (key + ".o"), ignored);
  if (!whole || ignored) fs::remove(part, ignored);
}

}  // namespace eic::jit
