// `eic fmt`: models in the one canonical style, rewritten in place. `--check` writes nothing.
#include <fmt/format.h>

#include "cli/paths.h"
#include "cli/rewrite.h"
#include "cli/session.h"
#include "compiler/format/format.h"

namespace eic::cli {

namespace {

struct FmtOptions {
  std::vector<std::string> paths;
  bool check = false;
};

// Standard input comes out on standard output, changed or not; of files only the names of those that change.
int format_file(const std::string& file, const FmtOptions& options) {
  Front front;
  const source::Source* source = open(front, file);
  auto text = source ? format::format(*source, front.emitter) : std::nullopt;
  if (!text) {
    print_diagnostics(front);
    return exit_status(front);
  }
  if (file == "-" && !options.check) return print_out(*text) ? Ok : File;
  if (*text == source->text()) return Ok;
  if (!options.check)
    if (auto fault = rewrite(file, *text)) return report_error(front, *fault);
  if (!print_out(shown_name(file) + "\n")) return File;
  return options.check ? ModelError : Ok;
}

int format_all(const FmtOptions& options) {
  int status = Ok;
  for (const std::string& file : model_files(options.paths)) {
    int here = format_file(file, options);
    if (status == Ok) status = here;
  }
  return status;
}

}  // namespace

Command fmt_command() {
  auto options = std::make_shared<FmtOptions>();
  return {"fmt", "rewrite models in the one canonical style",
          {{"PATH", "", "files or folders; `-` is standard input, which goes to standard output", &options->paths,
            Completes::ModelOrFolder, {}, true},
           {"--check", "", "write nothing; list the files that would change, and exit with 1 if there are any", &options->check}},
          [options] { return format_all(*options); }};
}

}  // namespace eic::cli
