#include "cli/lsp/uri.h"

#include <cctype>
#include <string_view>

namespace eic::lsp {

std::string path_of_uri(const std::string& uri) {
  constexpr std::string_view k_scheme = "file://";
  if (!uri.starts_with(k_scheme)) return "";
  std::string_view rest = std::string_view(uri).substr(k_scheme.size());
  if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  if (!rest.starts_with("/")) return "";
  std::string path;
  for (size_t i = 0; i < rest.size(); i++) {
    auto digit = [&](size_t at) { return at < rest.size() && std::isxdigit(static_cast<unsigned char>(rest[at])); };
    if (rest[i] == '%' && digit(i + 1) && digit(i + 2)) {
      path += static_cast<char>(std::stoi(std::string(rest.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      path += rest[i];
    }
  }
  return path.find('\0') == std::string::npos ? path : "";
}

}  // namespace eic::lsp
