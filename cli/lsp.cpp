// `eic lsp`: the server that editors start and talk to over standard input and output. Nothing else goes to standard output.
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "cli/lsp/framing.h"
#include "cli/lsp/server.h"
#include "cli/session.h"

namespace eic::cli {

namespace {

bool send(const std::vector<lsp::json>& messages) {
  std::string out;
  for (const lsp::json& message : messages) out += lsp::framed(message.dump(-1, ' ', false, lsp::json::error_handler_t::replace));
  return print_out(out);
}

bool input_waits() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, 0) > 0;
}

int serve(const std::vector<std::string>& roots) {
  std::signal(SIGPIPE, SIG_IGN);  // an editor that is gone is the end of the input, too
  lsp::Server server(roots);
  lsp::Framing framing;
  std::vector<char> buffer(1 << 16);
  while (true) {
    ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return server.status_at_end();
    framing.feed({buffer.data(), static_cast<size_t>(got)});
    while (auto frame = framing.next()) {
      bool sent =
          send(frame->fault.empty() ? server.receive(frame->content) : std::vector{lsp::Server::parse_error(frame->fault)});
      if (!sent) return server.status_at_end();
      if (auto status = server.exit_status()) return *status;
    }
    if (!input_waits() && !send(server.settle())) return server.status_at_end();
  }
}

}  // namespace

Command lsp_command() {
  struct LspOptions {
    std::vector<std::string> roots;
    bool stdio = false;
  };
  auto options = std::make_shared<LspOptions>();
  return {"lsp",
          "serve an editor over standard input and output (Language Server Protocol)",
          {{"--root", "DIR", "a further folder that imports and CSV files may come from", &options->roots, Completes::Folder},
           {"--stdio", "", "what some editors add to the command; it changes nothing", &options->stdio}},
          [options] { return serve(options->roots); }};
}

}  // namespace eic::cli
