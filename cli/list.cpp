// `eic list`: what the standard library holds, with the first line of each file's comment; what one name of it declares, or its
// text; the text of the example; the simulations of a model.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "cli/explaining/render.h"
#include "cli/session.h"
#include "compiler/explain/declared.h"
#include "compiler/library.h"
#include "compiler/load.h"
#include "compiler/stdlib.h"

namespace eic::cli {

namespace {

struct ListOptions {
  std::string name, simulations;
  bool text = false, example = false;
};

struct Place {
  std::string part, name;  // "channels", "K_TM1991"
};
Place place_of(const StdFile& file) {
  size_t slash = file.path.find('/');
  return {std::string(file.path.substr(0, slash)), std::string(file.path.substr(slash + 1, file.path.size() - slash - 5))};
}

const StdFile* find(const std::string& name) {
  for (const StdFile& file : std_files())
    if (Place here = place_of(file); here.name == name_in_library(here.part, name)) return &file;
  return nullptr;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const StdFile& file : std_files()) all.push_back(place_of(file).name);
  for (const LibraryEntry& entry : library_entries())
    for (std::string& older : entry.older_names()) all.push_back(std::move(older));
  return all;
}

// Without its tests, which read files that lie beside it in the source tree.
std::string example() {
  std::string_view text = example_text();
  return std::string(text.substr(0, text.find("\ntest \"")));
}

// A family, empty of files that library.def does not know, and its files.
using Families = std::vector<std::pair<std::string, std::vector<const StdFile*>>>;

Families families_of(const std::string& part, std::vector<const StdFile*> files) {
  Families families;
  for (const LibraryEntry& entry : library_entries()) {
    if (entry.part != part) continue;
    auto found = std::find_if(files.begin(), files.end(), [&](const StdFile* file) { return place_of(*file).name == entry.name; });
    if (found == files.end()) continue;
    if (families.empty() || families.back().first != entry.family) families.push_back({std::string(entry.family), {}});
    families.back().second.push_back(*found);
    files.erase(found);
  }
  if (!files.empty()) families.push_back({"", std::move(files)});
  return families;
}

std::string overview() {
  std::map<std::string, std::vector<const StdFile*>> parts;
  for (const StdFile& file : std_files()) parts[place_of(file).part].push_back(&file);
  std::string out;
  for (const auto& [part, files] : parts) {
    out += fmt::format("{}std.{}\n", out.empty() ? "" : "\n", part);
    size_t width = 14;
    for (const StdFile* file : files) width = std::max(width, place_of(*file).name.size());
    Families families = families_of(part, files);
    bool named = !families[0].first.empty();
    for (const auto& [family, members] : families) {
      if (named) out += fmt::format("  {}\n", family.empty() ? "others" : family);
      for (const StdFile* file : members) {
        std::string_view text = file->text;
        text.remove_prefix(std::min(text.size(), text.find_first_not_of("# \n")));
        out += fmt::format("  {}{:<{}} {}\n", named ? "  " : "", place_of(*file).name, width, text.substr(0, text.find('\n')));
      }
    }
  }
  return out +
         "\n`eic list NAME` tells the parameters of one, `eic list NAME --text` prints it;\n"
         "`eic explain std.channels.NAME` has its equations and curves, `std.neurons.NAME` those of a cell.\n";
}

std::string details(const StdFile& file) {
  Place here = place_of(file);
  std::string module = "std." + here.part, uses = fmt::format("use {} {{ {} }}\n", module, here.name);
  Front front;
  auto program = load(*open_source(front, module, &uses), front.sources, front.emitter);
  auto found = program ? explain::find_mechanism(*program, here.name) : std::nullopt;
  std::vector<explain::CellPart> cell;
  if (program && !found) cell = explain::find_cell(*program, here.name);
  if (!found && cell.empty()) return std::string(file.text);  // its text says what it is
  explain::Section section{1, found ? explain::title_of(*found) : "Cell " + here.name, {}};
  auto say = [&](std::string text) { section.blocks.emplace_back(explain::Paragraph{std::move(text)}); };
  say(found ? explain::comment_of(*found) : explain::comment_of(cell.back()));
  section.blocks.push_back(found ? explain::parameters_of(*found) : explain::parameters_of(cell));
  std::string gates = found ? explain::gates_of(*found) : "";
  if (found && found->mechanism->kind == ast::MechanismKind::Plasticity)
    for (std::string& part : explain::rule_of(*found)) say(std::move(part));
  else if (found) say(fmt::format("{}{}{}", explain::current_of(*found), gates.empty() ? "" : "; gates ", gates));
  else say(explain::parts_of(cell));
  say(uses.substr(0, uses.size() - 1));
  for (const LibraryEntry& entry : library_entries())
    if (entry.part == here.part && entry.name == here.name && !entry.older.empty())
      say(fmt::format("Older names of the same, defaults and all: {}.", fmt::join(entry.older_names(), ", ")));
  say(fmt::format("Text: models/std/{}, in this program; `eic list {} --text` prints it.", file.path, here.name));
  say(fmt::format("Equations and curves: `eic explain {}.{}`.", module, here.name));
  return explain_text({here.name, {section}});
}

int list(const ListOptions& options) {
  if (options.text && options.name.empty()) return usage_error("--text prints the text of a NAME: which one?");
  if (options.example) return print_out(example()) ? Ok : File;
  if (options.name.empty()) return print_out(overview()) ? Ok : File;
  const StdFile* file = find(options.name);
  return file && print_out(options.text ? std::string(file->text) : details(*file)) ? Ok : File;
}

// As the file was parsed: a shell completes the names while the rest is still being written.
int list_simulations(const std::string& file) {
  Front front;
  bool good = read(front, file, {});
  std::string out;
  if (front.program && !front.program->modules.empty())
    for (const ast::Item& item : front.program->modules[0].ast.items)
      if (auto* simulate = std::get_if<ast::Simulate>(&item.node)) out += simulate->name.text + "\n";
  if (!good && out.empty()) {
    print_diagnostics(front);
    return exit_status(front);
  }
  return print_out(out) ? Ok : File;
}

}  // namespace

Command list_command() {
  auto options = std::make_shared<ListOptions>();
  return {"list",
          "list the standard library, or what one name of it declares; or the simulations of a model",
          {{"NAME", "", "a channel, synapse or cell of the library: its parameters, gates and source", &options->name, Completes::Words,
            names()},
           {"--text", "", "print the text of NAME instead", &options->text},
           {"--example", "", "print an example, the model cobahh.eic of the README", &options->example},
           {"--simulations", "FILE", "list the names of a model's simulations instead", &options->simulations, Completes::Model}},
          [options] { return options->simulations.empty() ? list(*options) : list_simulations(options->simulations); }};
}

}  // namespace eic::cli
