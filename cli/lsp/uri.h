// `file:` URIs → paths; the other way is diagnostics::uri_of.
#pragma once
#include <string>

namespace eic::lsp {

// Empty for what is no file of this machine (`untitled:Untitled-1`).
std::string path_of_uri(const std::string& uri);

}  // namespace eic::lsp
