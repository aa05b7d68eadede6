#include "event_relay/client/check_report.hpp"

#include <ostream>

namespace event_relay::client {
namespace {

constexpr std::size_t width = 92;

std::string_view word_of(verdict is) {
  switch (is) {
    case verdict::pass: return "PASS";
    case verdict::warn: return "WARN";
    case verdict::fail: return "FAIL";
    case verdict::skip: break;
  }
  return "SKIP";
}

/// In lines that a terminal of 100 columns shows whole.
void print_indented(std::ostream& out, std::string_view text) {
  while (!text.empty()) {
    auto end = text.size() <= width ? text.size() : text.rfind(' ', width);
    if (end == std::string_view::npos) end = text.size();
    out << "      " << text.substr(0, end) << '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

void check_report::add(std::string_view what, const finding& found) {
  if (found.is == verdict::pass) ++passed_;
  if (found.is == verdict::warn) ++warned_;
  if (found.is == verdict::fail) ++failed_;
  out_ << word_of(found.is) << "  " << what << ": " << found.seen << '\n';
  print_indented(out_, found.advice);
  out_ << std::flush;
}

void check_report::close(std::string_view note) {
  out_ << '\n'
       << passed_ << " passed, " << failed_ << " failed, " << warned_ << (warned_ == 1 ? " warning" : " warnings");
  out_ << note << '\n';
}

}  // namespace event_relay::client
