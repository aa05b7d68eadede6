#include "event_relay/http/endpoint.hpp"
#include "http/console_files.hpp"

#include <algorithm>
#include <ranges>

namespace event_relay::http {
namespace {

namespace beast = boost::beast::http;

// Whatever an event says, no browser runs it: scripts and styles come from these files alone, the page cannot be framed
// by another one, and HTML cannot be made of text at all (Trusted Types).
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const console_file* find_file(std::span<const std::string> path) {
  // The page is at "/" alone: what it refers to is relative, so that it can be served below any path of a proxy.
  if (path.size() == 2 && path[1] == "index.html") return nullptr;
  const std::string_view name = path.empty() ? "index.html" : std::string_view(path[1]);
  const auto files = console_files();
  const auto found = std::ranges::find(files, name, &console_file::name);
  return found == files.end() ? nullptr : &*found;
}

/// Whether the client's copy is this one (RFC 9110 13.1.2). Our tags have no comma in them.
bool has_copy(const request& asked, std::string_view tag) {
  for (const auto& value : asked.header_values("If-None-Match"))
    for (const auto item : std::views::split(value, ',')) {
      std::string_view known(item.begin(), item.end());
      known.remove_prefix(std::min(known.find_first_not_of(" \t"), known.size()));
      known = known.substr(0, known.find_last_not_of(" \t") + 1);
      if (known.starts_with("W/")) known.remove_prefix(2);
      if (known == tag || known == "*") return true;
    }
  return false;
}

}  // namespace

awaitable<answer> show_console(exchange& exchange) {
  const auto* file = find_file(exchange.asked.path());
  if (!file) co_return problem(errc::no_such_path);
  const bool copied = has_copy(exchange.asked, file->entity_tag);
  response shown(copied ? beast::status::not_modified : beast::status::ok, 11);
  shown.set(beast::field::etag, file->entity_tag);
  shown.set(beast::field::cache_control, "no-cache");  // asked for each time, so that a new relay has its own page
  shown.set("Content-Security-Policy", content_security_policy);
  shown.set("X-Content-Type-Options", "nosniff");
  shown.set("Referrer-Policy", "no-referrer");
  shown.set("Cross-Origin-Opener-Policy", "same-origin");
  if (copied) co_return shown;
  shown.set(beast::field::content_type, file->content_type);
  shown.body() = file->content;
  co_return shown;
}

}  // namespace event_relay::http
