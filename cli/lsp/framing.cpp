#include "cli/lsp/framing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace eic::lsp {

namespace {

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trimmed(std::string_view text) {
  size_t from = text.find_first_not_of(" \t\r"), to = text.find_last_not_of(" \t\r");
  return from == text.npos ? std::string_view() : text.substr(from, to - from + 1);
}

// Of the last `Content-Length` among the lines; nothing where there is none or it is no number.
std::optional<size_t> content_length(std::string_view lines) {
  std::optional<size_t> length;
  while (!lines.empty()) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    size_t colon = line.find(':');
    if (colon == line.npos || !same_word(trimmed(line.substr(0, colon)), "content-length")) continue;
    std::string_view digits = trimmed(line.substr(colon + 1));
    size_t value = 0;
    auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    bool good = fault == std::errc() && !digits.empty() && end == digits.data() + digits.size();
    length = good ? std::optional(value) : std::nullopt;
  }
  return length;
}

}  // namespace

std::optional<Frame> Framing::next() {
  size_t gone = std::min(skip_, buffer_.size());
  buffer_.erase(0, gone);
  skip_ -= gone;
  if (skip_ > 0) return std::nullopt;
  if (!length_) {
    size_t from = buffer_.find_first_not_of("\r\n");  // blank lines between messages mean nothing
    buffer_.erase(0, std::min(from, buffer_.size()));
    size_t crlf = buffer_.find("\r\n\r\n"), lf = buffer_.find("\n\n");
    size_t end = std::min(crlf == std::string::npos ? crlf : crlf + 4, lf == std::string::npos ? lf : lf + 2);
    if (end == std::string::npos) {
      if (buffer_.size() <= k_max_header_bytes) return std::nullopt;
      buffer_.clear();
      return Frame{"", fmt::format("more than {} bytes without the end of a header", k_max_header_bytes)};
    }
    if (auto fault = header(end)) return fault;
    if (skip_ > 0) return next();
  }
  if (buffer_.size() < *length_) return std::nullopt;
  Frame frame{buffer_.substr(0, *length_), ""};
  buffer_.erase(0, *length_);
  length_.reset();
  return frame;
}

std::optional<Frame> Framing::header(size_t end) {
  auto length = content_length(std::string_view(buffer_).substr(0, end));
  buffer_.erase(0, end);
  if (!length) return Frame{"", "a header without a `Content-Length`"};
  if (*length > k_max_message_bytes) {
    skip_ = *length;
    return Frame{"", fmt::format("a message of {} bytes; the limit is {}", *length, k_max_message_bytes)};
  }
  length_ = length;
  return std::nullopt;
}

std::string framed(std::string_view content) { return fmt::format("Content-Length: {}\r\n\r\n{}", content.size(), content); }

}  // namespace eic::lsp
