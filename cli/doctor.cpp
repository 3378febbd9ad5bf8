// `eic doctor`: what eic found on this machine, why it generates the code it does, and whether that code computes what the
// interpreter of the IR computes.
#include "cli/doctor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/session.h"
#include "cli/version.h"
#include "compiler/stdlib.h"
#include "runtime/threads/processors.h"

namespace eic::cli {

namespace fs = std::filesystem;

namespace {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (size_t colon = line.find(": "); line.starts_with("model name") && colon != line.npos) return line.substr(colon + 2);
  return "";
}

// By writing, for permissions say nothing of full disks, and nothing to root. A folder that is yet to be made is made below
// the nearest one that exists.
std::string obstacle_in(fs::path folder) {
  std::error_code ec;
  folder = fs::absolute(folder, ec);
  while (!fs::exists(folder, ec) && folder.has_parent_path() && folder != folder.parent_path()) folder = folder.parent_path();
  fs::path probe = folder / fmt::format("eic-doctor.{}.part", getpid());
  errno = 0;
  std::FILE* file = std::fopen(probe.c_str(), "wb");
  bool written = file && std::fputc('x', file) != EOF;
  if (file) written = std::fclose(file) == 0 && written;
  int fault = errno;
  if (file) unlink(probe.c_str());
  return written ? "" : fmt::format("`{}`: {}", folder.string(), std::strerror(fault));
}

std::string memory_text(const state::FreeMemory& free) {
  std::string text = state::bytes_text(std::min({free.machine, free.group, free.address_space})) + " may be taken: ";
  auto part = [](double bytes, const char* whose) {
    return std::isinf(bytes) ? fmt::format("no limit of {}", whose)
                             : fmt::format("{} left of {}", state::bytes_text(bytes), whose);
  };
  return text + fmt::format("{}, {}, {}", part(free.machine, "the machine"), part(free.group, "the control group"),
                            part(free.address_space, "the address space"));
}

std::string cache_text(const Cache& cache) {
  if (!cache.folder) return "none: " + cache.why_none;
  std::string held = fmt::format("{} {}, {}", cache.objects, cache.objects == 1 ? "object" : "objects",
                                 state::bytes_text(static_cast<double>(cache.bytes)));
  std::string use = !cache.obstacle.empty() ? fmt::format("not writable ({}), so that each run compiles anew", cache.obstacle)
                    : cache.exists          ? "writable"
                                            : "to be made by the first run";
  return fmt::format("{}: {}{}", *cache.folder, cache.exists ? held + ", " : "", use);
}

std::string width_text(uint32_t width, uint32_t vector) {
  return fmt::format("{} cells, {}", width,
                     width > vector
                         ? fmt::format("{} vectors of {} at once, which hide each other's latencies", width / vector, vector)
                         : fmt::format("one vector of {}; two at once gain nothing", vector));
}

std::string line(const char* what, const std::string& text) { return fmt::format("  {:<11} {}\n", what, text); }

std::string host_text(const Checkup& checkup) {
  if (!checkup.host) return line("processor", checkup.processor) + line("", checkup.host.error());
  const jit::About& host = *checkup.host;
  std::string named = fmt::format("{} ({})", host.cpu, host.architecture);
  std::string out = line("processor", checkup.processor.empty() ? named : checkup.processor + ", " + named);
  if (!host.needed.empty()) out += line("needed", fmt::format("{}: all found", fmt::join(host.needed, " ")));
  out += line("features", fmt::format("{} found; code may use them all", host.features.size()));
  out += line("vectors", fmt::format("{} bits: {}", host.vector_bits, host.why_bits));
  out += line("  single", width_text(host.single_width, host.vector_bits / 32));
  out += line("  double", width_text(host.double_width, host.vector_bits / 64));
  return out + line("LLVM", fmt::format("{}, {}", host.llvm, host.llvm_linked_in ? "linked in" : "the system's shared library"));
}

Checkup examine() {
  Checkup checkup;
  checkup.processor = processor_name();
  checkup.host = jit::about_host();
  checkup.library_files = std_files().size();
  checkup.threads = threads::processors();
  checkup.memory = state::free_memory();
  checkup.cache = look_at_cache();
  if (checkup.host)
    for (bool single : {false, true}) {
      std::vector<uint32_t> widths;
      uint32_t widest = single ? checkup.host->single_width : checkup.host->double_width;
      for (uint32_t width = 1; width <= widest; width *= 2) widths.push_back(width);
      for (SelfTest& test : self_test(single, widths)) checkup.tests.push_back(std::move(test));
    }
  return checkup;
}

}  // namespace

int announce(const Checkup& checkup, bool json) {
  if (!print_out(json ? report_json(checkup) : report(checkup))) return File;
  if (checkup.well()) return Ok;
  if (!checkup.host) {
    say("eic: {}\n", checkup.host.error());
    return Usage;
  }
  fmt::print(stderr,
             "eic: compiled code does not compute here what it should.\n"
             "This is a fault of eic, not of a model. Please report it with all that `eic doctor` printed.\n");
  return Internal;
}

Cache look_at_cache() {
  Cache cache;
  auto folder = cache_folder();
  if (!folder) {
    cache.why_none =
        std::getenv("EIC_CACHE_DIR") ? "EIC_CACHE_DIR is empty" : "neither EIC_CACHE_DIR nor XDG_CACHE_HOME nor HOME is set";
    return cache;
  }
  cache.folder = folder->string();
  std::error_code ec;
  cache.exists = fs::is_directory(*folder, ec);
  cache.obstacle = obstacle_in(*folder);
  for (fs::directory_iterator entry(*folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    std::error_code gone;
    uint64_t size = entry->path().extension() == ".o" ? entry->file_size(gone) : 0;
    if (size == 0 || gone) continue;
    cache.objects++;
    cache.bytes += size;
  }
  return cache;
}

bool Checkup::well() const {
  return host.ok() && !tests.empty() &&
         std::all_of(tests.begin(), tests.end(), [](const SelfTest& test) { return test.fault.empty(); });
}

std::string report(const Checkup& checkup) {
  std::string out = fmt::format("eic {}\n", k_version) + host_text(checkup);
  out += line("library", fmt::format("{} files of `std` in the program", checkup.library_files));
  out += line("threads", fmt::format("{} may be used", checkup.threads));
  out += line("memory", memory_text(checkup.memory));
  out += line("cache", cache_text(checkup.cache));
  if (checkup.tests.empty()) return out;
  const SelfTest& first = checkup.tests[0];
  out += fmt::format("\nSelf-test: {} cells for {} steps, compiled against interpreted, bit for bit\n", first.cells, first.steps);
  for (const SelfTest& test : checkup.tests)
    out += fmt::format("  {:<6}  {} precision, {:>2} {} a vector{}\n", test.fault.empty() ? "ok" : "FAILED",
                       test.single ? "single" : "double", test.width, test.width == 1 ? "cell" : "cells",
                       test.fault.empty() ? "" : ": " + test.fault);
  return out;
}

std::string report_json(const Checkup& checkup) {
  using nlohmann::json;
  json out = {{"version", k_version},           {"well", checkup.well()},
              {"processor", checkup.processor}, {"library_files", checkup.library_files},
              {"threads", checkup.threads},     {"host", nullptr}};
  if (checkup.host) {
    const jit::About& host = *checkup.host;
    out["host"] = {{"cpu", host.cpu},
                   {"architecture", host.architecture},
                   {"needed", host.needed},
                   {"features", host.features},
                   {"vector_bits", host.vector_bits},
                   {"why_bits", host.why_bits},
                   {"width_single", host.single_width},
                   {"width_double", host.double_width},
                   {"llvm", host.llvm},
                   {"llvm_linked_in", host.llvm_linked_in}};
  } else {
    out["refused"] = checkup.host.error();
  }
  auto bytes = [](double value) { return std::isinf(value) ? json(nullptr) : json(static_cast<uint64_t>(value)); };
  out["memory"] = {{"machine_bytes", bytes(checkup.memory.machine)},
                   {"group_bytes", bytes(checkup.memory.group)},
                   {"address_space_bytes", bytes(checkup.memory.address_space)}};
  const Cache& cache = checkup.cache;
  out["cache"] = {{"folder", cache.folder ? json(*cache.folder) : json(nullptr)},
                  {"why_none", cache.why_none},
                  {"exists", cache.exists},
                  {"writable", cache.folder && cache.obstacle.empty()},
                  {"obstacle", cache.obstacle},
                  {"objects", cache.objects},
                  {"bytes", cache.bytes}};
  out["self_test"] = json::array();
  for (const SelfTest& test : checkup.tests)
    out["self_test"].push_back({{"precision", test.single ? "single" : "double"},
                                {"width", test.width},
                                {"ok", test.fault.empty()},
                                {"fault", test.fault}});
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Command doctor_command() {
  auto json = std::make_shared<bool>(false);
  return {"doctor",
          "what was found on this machine, and whether compiled code computes right on it",
          {{"--json", "", "print it as one JSON object", json.get()}},
          [json] { return announce(examine(), *json); }};
}

}  // namespace eic::cli
