// Where each name of a program is used and what it means there, in the order of reading; kept also when there are errors.
// Filled by check(); read by the lint (what nobody uses) and by the language server (hover, go to definition).
#pragma once
#include <string>
#include <vector>

#include "compiler/source/span.h"

namespace eic::sema {

struct Reference {
  source::Span use, declaration;
  std::string word;  // "parameter", "state", "channel", "population", …
  std::string path;  // of a parameter or named value: "HH.INa.g"; else the name
  std::string unit;  // of a value, as the user wrote it; "1" for a plain number; empty for what has no value
  bool sets = false;  // gives the parameter a value (braces, overruling, `--set`), rather than reading it
};

struct Index {
  std::vector<Reference> references;  // the same one several times where a mechanism is used several times
};

}  // namespace eic::sema
