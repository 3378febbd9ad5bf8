// In: bytes of standard input as they come. Out: whole messages, or what is wrong with the stream. Called by cli/lsp.cpp; knows
// nothing of JSON.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eic::lsp {

constexpr size_t k_max_message_bytes = 64u << 20;
constexpr size_t k_max_header_bytes = 8u << 10;

// One message, or a fault in its place: what could not be read has been passed over, and the next one may be good.
struct Frame {
  std::string content;
  std::string fault;
};

class Framing {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }
  // Nothing until more is fed.
  std::optional<Frame> next();
  // Something stands in the buffer that is no whole message.
  bool inside() const { return !buffer_.empty() || skip_ > 0; }

 private:
  std::optional<Frame> header(size_t end);

  std::string buffer_;
  size_t skip_ = 0;               // bytes of a refused message that are still to come
  std::optional<size_t> length_;  // of the content that follows
};

std::string framed(std::string_view content);

}  // namespace eic::lsp
