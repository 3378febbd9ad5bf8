// In: Diagnostics of one file or many, with the sources they point into. Out: one SARIF 2.1.0 log, the form in which code
// hosts and editors take findings. Called by `eic check --diagnostics sarif`.
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::diagnostics {

// A path as a URI; a relative one stays relative to the folder that `eic` was started in.
std::string uri_of(const std::string& path);
std::string help_page(Kind kind);  // "docs/errors/E0231.md", "docs/lint.md#l001"

class SarifLog {
 public:
  explicit SarifLog(std::string version) : version_(std::move(version)) {}
  void add(const Diagnostic& diagnostic, const source::SourceSet& sources);
  nlohmann::json log() const;

 private:
  size_t rule_index(Kind kind);

  std::string version_;
  std::map<Kind, size_t> index_;
  nlohmann::json rules_ = nlohmann::json::array(), results_ = nlohmann::json::array();
};

}  // namespace eic::diagnostics
