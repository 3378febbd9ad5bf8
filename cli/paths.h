// Files and folders named on the command line → the models they mean. Shared by check and test.
#pragma once
#include <string>
#include <vector>

namespace eic::cli {

// Folders are walked for *.eic, in order of name. A path that does not exist is kept: reading it says what is wrong.
std::vector<std::string> model_files(const std::vector<std::string>& paths);

}  // namespace eic::cli
