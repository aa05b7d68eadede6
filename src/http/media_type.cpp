#include "event_relay/http/media_type.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <cctype>

namespace event_relay::http {
namespace {

// Beast's comparison knows ASCII only, as media types do; Boost.Algorithm's asks a locale about each character, which
// made this function a sixth of the processor time of a publish.
using boost::beast::iequals;

bool istarts_with(std::string_view text, std::string_view start) {
  return iequals(text.substr(0, start.size()), start);
}

bool iends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && iequals(text.substr(text.size() - end.size()), end);
}

/// Text in another charset could not go into a stream, which is UTF-8 by definition.
bool has_foreign_charset(std::string_view parameters) {
  constexpr std::string_view name = "charset=";
  const auto at = std::search(parameters.begin(), parameters.end(), name.begin(), name.end(),
                              [](unsigned char a, char b) { return std::tolower(a) == b; });
  if (at == parameters.end()) return false;
  std::string_view charset(at + name.size(), parameters.end());
  if (charset.starts_with('"')) charset.remove_prefix(1);
  charset = charset.substr(0, charset.find_first_of("\"; \t"));
  return !iequals(charset, "utf-8") && !iequals(charset, "us-ascii");
}

}  // namespace

data_kind data_kind_of(std::string_view content_type) {
  if (content_type.empty()) return data_kind::json;
  const auto semicolon = content_type.find(';');
  auto type = content_type.substr(0, semicolon);
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  if (semicolon != std::string_view::npos && has_foreign_charset(content_type.substr(semicolon)))
    return data_kind::unsupported;
  if (iequals(type, "application/cloudevents+json")) return data_kind::cloud_event;
  if (iequals(type, "application/cloudevents-batch+json")) return data_kind::cloud_event_batch;
  if (iequals(type, "application/json") || (istarts_with(type, "application/") && iends_with(type, "+json")))
    return data_kind::json;
  // Registered nowhere, and written in all these ways.
  for (const std::string_view lines : {"application/x-ndjson", "application/ndjson", "application/jsonl"})
    if (iequals(type, lines)) return data_kind::lines_of_json;
  return istarts_with(type, "text/") ? data_kind::text : data_kind::unsupported;
}

}  // namespace event_relay::http
