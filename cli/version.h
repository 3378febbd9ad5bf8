#pragma once
namespace eic::cli {
constexpr const char* k_version = EIC_VERSION;  // of CMakeLists.txt
}
