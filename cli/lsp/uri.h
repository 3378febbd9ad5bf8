// `file:` URIs and paths, both ways.
#pragma once
#include <string>

namespace eic::lsp {

// Empty for what is no file of this machine (`untitled:Untitled-1`).
std::string path_of_uri(const std::string& uri);
std::string uri_of_path(const std::string& path);

}  // namespace eic::lsp
