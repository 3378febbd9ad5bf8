#include "tests/architecture/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace eic::architecture {

namespace {

using Names = std::set<std::string>;

struct Folder {
  std::string name;
  std::vector<std::string> on;  // what it stands on; what that stands on it may use too
};

// The whole house, from the ground up: a folder stands only on those listed before it, so there can be no circle.
const std::vector<Folder> k_house = {
    {"runtime/contract", {}},
    {"compiler/source", {"runtime/contract"}},
    {"compiler/diagnostics", {"compiler/source"}},
    {"compiler/units", {"compiler/diagnostics"}},
    {"compiler/ast", {"compiler/units"}},
    {"compiler/parse", {"compiler/ast"}},
    {"compiler/format", {"compiler/parse"}},
    {"compiler/sema", {"compiler/ast"}},
    {"compiler/ir", {"compiler/sema"}},
    {"compiler/solvers", {"compiler/ir"}},
    {"compiler/passes", {"compiler/ir"}},
    {"compiler/plan", {"compiler/solvers", "compiler/passes"}},
    {"compiler/figures", {"compiler/plan"}},
    {"compiler/lint", {"compiler/figures"}},
    {"compiler/explain", {"compiler/figures"}},
    {"compiler/lower", {"compiler/ir"}},
    {"compiler/jit", {"compiler/lower"}},
    {"compiler", {"compiler/parse", "compiler/plan", "compiler/jit"}},
    {"runtime/random", {"runtime/contract"}},
    {"runtime/tables", {"runtime/contract"}},
    {"runtime/threads", {"runtime/contract"}},
    {"runtime/state", {"runtime/random", "runtime/tables", "runtime/threads"}},
    {"runtime/connect", {"runtime/state"}},
    {"runtime/events", {"runtime/connect"}},
    {"runtime/stimuli", {"runtime/state"}},
    {"runtime/record", {"runtime/contract"}},
    {"runtime/report", {"runtime/record"}},
    {"runtime/engine", {"runtime/events", "runtime/stimuli", "runtime/record"}},
    {"cli", {"compiler", "compiler/format", "compiler/lint", "compiler/explain", "runtime/engine", "runtime/report"}},
    {"bench", {"cli"}},
    {"tests", {"cli"}},
};

struct Library {
  std::string_view prefix;  // of what stands between <> or ""
  Names folders;
};

const std::vector<Library> k_libraries = {
    {"antlr4", {"compiler/parse"}},
    {"Eic", {"compiler/parse"}},  // the generated EicLexer.h, EicParser.h
    {"llvm", {"compiler/lower", "compiler/jit"}},
    {"CLI/", {"cli"}},
    {"Eigen/", {"compiler/figures"}},
    {"boost/", {"tests"}},
    {"utf8proc", {"compiler/diagnostics"}},
    {"valijson/", {"tests"}},
    {"benchmark/", {"bench"}},
    {"nlohmann/", {"compiler/diagnostics", "runtime/report", "cli", "tests", "bench"}},
};

constexpr size_t k_longest = 700;

// Its folder in the house; those below cli/, below tests/ and below bench/ count as one.
std::string folder_of(const std::string& path) {
  for (std::string_view whole : {"cli/", "tests/", "bench/"})
    if (path.starts_with(whole)) return std::string(whole.substr(0, whole.size() - 1));
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

const std::map<std::string, Names>& allowed() {
  static const std::map<std::string, Names> all = [] {
    std::map<std::string, Names> made;
    for (const Folder& folder : k_house) {
      Names reach = {folder.name};
      for (const std::string& on : folder.on) reach.insert(made.at(on).begin(), made.at(on).end());
      made[folder.name] = reach;
    }
    return made;
  }();
  return all;
}

struct Include {
  size_t line;
  std::string what;
  bool quoted;
};

std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> found;
  size_t line = 1;
  for (size_t at = 0; at < text.size(); line++) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view here(text.data() + at, end - at);
    at = end + 1;
    here.remove_prefix(std::min(here.find_first_not_of(" \t"), here.size()));
    if (!here.starts_with("#include")) continue;
    size_t open = here.find_first_of("<\"");
    size_t close = open == here.npos ? here.npos : here.find_first_of(">\"", open + 1);
    if (close != here.npos) found.push_back({line, std::string(here.substr(open + 1, close - open - 1)), here[open] == '"'});
  }
  return found;
}

void check_include(const File& file, const std::string& folder, const Include& include, std::vector<std::string>& out) {
  for (const Library& library : k_libraries)
    if (include.what.starts_with(library.prefix)) {
      if (!library.folders.contains(folder)) out.push_back(fmt::format("{}:{}: `{}` belongs in {} only", file.path, include.line, include.what, fmt::join(library.folders, ", ")));
      return;
    }
  if (!include.quoted) return;
  std::string target = folder_of(include.what);
  if (!allowed().contains(target)) out.push_back(fmt::format("{}:{}: `{}` is in no folder of the house", file.path, include.line, include.what));
  else if (!allowed().at(folder).contains(target)) out.push_back(fmt::format("{}:{}: `{}` may not use {}", file.path, include.line, folder, target));
}

// Depth first; `path` is the way down to here.
void find_circles(const std::string& at, const std::map<std::string, Names>& graph, std::vector<std::string>& path, Names& done, std::vector<std::string>& out) {
  if (auto again = std::find(path.begin(), path.end(), at); again != path.end()) {
    out.push_back(fmt::format("a circle of includes: {} → {}", fmt::join(again, path.end(), " → "), at));
    return;
  }
  auto found = graph.find(at);
  if (found == graph.end() || done.contains(at)) return;
  path.push_back(at);
  for (const std::string& next : found->second) find_circles(next, graph, path, done, out);
  path.pop_back();
  done.insert(at);
}

}  // namespace

std::vector<std::string> breaches(const std::vector<File>& files) {
  std::vector<std::string> out;
  std::map<std::string, Names> graph;
  for (const File& file : files) {
    size_t lines = static_cast<size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
    if (lines > k_longest) out.push_back(fmt::format("{}: {} lines; at most {}", file.path, lines, k_longest));
    if (!file.path.ends_with(".cpp") && !file.path.ends_with(".h") && !file.path.ends_with(".def")) continue;
    std::string folder = folder_of(file.path);
    if (!allowed().contains(folder)) {
      out.push_back(fmt::format("{}: `{}` is not listed in tests/architecture/rules.cpp", file.path, folder));
      continue;
    }
    for (const Include& include : includes_of(file.text)) {
      check_include(file, folder, include, out);
      if (include.quoted && !include.what.ends_with(".def")) graph[file.path].insert(include.what);
    }
  }
  std::vector<std::string> path;
  Names done;
  for (const auto& [file, targets] : graph) find_circles(file, graph, path, done, out);
  return out;
}

}  // namespace eic::architecture
