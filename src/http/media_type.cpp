#include "event_relay/http/media_type.hpp"

#include <boost/algorithm/string/find.hpp>
#include <boost/algorithm/string/predicate.hpp>

namespace event_relay::http {
namespace {

using boost::algorithm::iends_with;
using boost::algorithm::iequals;
using boost::algorithm::istarts_with;

/// Text in another charset could not go into a stream, which is UTF-8 by definition.
bool has_foreign_charset(std::string_view parameters) {
  const auto at = boost::algorithm::ifind_first(parameters, "charset=");
  if (at.empty()) return false;
  std::string_view charset(at.end(), static_cast<std::size_t>(parameters.end() - at.end()));
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
  if (iequals(type, "application/json") || (istarts_with(type, "application/") && iends_with(type, "+json")))
    return data_kind::json;
  return istarts_with(type, "text/") ? data_kind::text : data_kind::unsupported;
}

}  // namespace event_relay::http
