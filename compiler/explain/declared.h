// In: the Program, and the name of a channel, synapse or cell of its main file, declared there or imported. Out: what its
// declaration says as it stands: comments, parameters, gates; and the text of a small cell that holds it, from which its
// equations follow. Called by `eic explain` and `eic list NAME`.
#pragma once
#include <optional>

#include "compiler/explain/document.h"
#include "compiler/sema/program.h"

namespace eic::explain {

struct Declared {
  const ast::Mechanism* mechanism = nullptr;
  const ast::Item* item = nullptr;
  const source::Source* source = nullptr;
  std::string name;  // in the main file
};

std::vector<Declared> own_mechanisms(const sema::Program& program);
std::vector<Declared> imported_mechanisms(const sema::Program& program);
std::optional<Declared> find_mechanism(const sema::Program& program, const std::string& name);

// A cell, behind those that it derives from: the outermost base first. Empty where there is none of the name.
struct CellPart {
  const ast::Cell* cell = nullptr;
  const ast::Item* item = nullptr;
  const source::Source* source = nullptr;
};
std::vector<CellPart> find_cell(const sema::Program& program, const std::string& name);
std::string comment_of(const CellPart& part);
Table parameters_of(const std::vector<CellPart>& parts);  // its own, with the values that derived cells give them
std::string parts_of(const std::vector<CellPart>& parts);  // channels, synapses, its own equations

std::string title_of(const Declared& declared);    // "Channel KM(ion x)"
std::string comment_of(const Declared& declared);  // the lines above it; may be empty
Table parameters_of(const Declared& declared);
std::string gates_of(const Declared& declared);    // "m^3 (alpha, beta), h (alpha, beta)"
std::vector<std::string> rule_of(const Declared& declared);  // of a plasticity rule: its states, equations and events, as written
std::string current_of(const Declared& declared);  // "conductance g * m^3 * h"

// The cell's text, and what it gives to parameters without a default; the paths of these within the cell.
struct Around {
  std::string cell, text;
  struct Given {
    std::string param, value;
  };
  std::vector<Given> given;
};
Around cell_around(const Declared& declared, const std::string& main_text);

}  // namespace eic::explain
