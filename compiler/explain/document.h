// What `eic explain` says, apart from how it looks: sections of paragraphs, equations, tables and curves. Made by explain.h,
// rendered by cli/explaining as text, Markdown, LaTeX or HTML.
#pragma once
#include <string>
#include <variant>
#include <vector>

namespace eic::explain {

struct Equation {
  std::string left, right;              // as the language writes it
  std::string left_latex, right_latex;  // the same for LaTeX's mathematics
  std::string unit;                     // of both sides; may be empty
  std::string note;                     // what is to be known of it; may be empty
};

struct Equations {
  std::vector<Equation> lines;
};

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

struct Paragraph {
  std::string text;
};

// Curves over one axis; drawn where the format can.
struct Plot {
  std::string title, x_label, y_label;
  std::vector<double> x;
  std::vector<std::pair<std::string, std::vector<double>>> curves;
};

using Block = std::variant<Paragraph, Equations, Table, Plot>;

struct Section {
  int level = 1;  // 1: the object, 2: a part of it, 3: a mechanism
  std::string title;
  std::vector<Block> blocks;
};

struct Document {
  std::string title;
  std::vector<Section> sections;
};

}  // namespace eic::explain
