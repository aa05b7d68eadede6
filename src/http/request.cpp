#include "event_relay/http/request.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>

#include <ranges>

namespace event_relay::http {
namespace {

/// Origin form, or the absolute form that a server must accept as well (RFC 9112 3.2.2).
boost::urls::result<boost::urls::url_view> parse_target(std::string_view target) {
  if (target.starts_with('/')) return boost::urls::parse_origin_form(target);
  auto url = boost::urls::parse_uri(target);
  const bool is_ours = url && (url->scheme_id() == boost::urls::scheme::http ||
                               url->scheme_id() == boost::urls::scheme::https) && !url->host().empty();
  if (url && !is_ours) return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
  return url;
}

}  // namespace

std::variant<request, problem> request::read(const request_header& header) {
  if (header.version() == 11 && header.count("Host") != 1) return problem(errc::missing_host, "Host");
  const auto url = parse_target({header.target().data(), header.target().size()});
  if (!url) return problem(errc::malformed_request, "request target");
  request parsed(header);
  for (const auto& segment : url->segments()) parsed.path_.push_back(segment);
  // "/events/" is not "/events": a path that ends in a slash has an empty last segment, and names nothing here.
  for (const auto& parameter : url->params()) parsed.parameters_.emplace_back(parameter.key, parameter.value);
  return parsed;
}

std::vector<std::string> request::header_values(std::string_view name) const {
  std::vector<std::string> values;
  const auto [first, last] = header_->equal_range(name);
  for (auto field = first; field != last; ++field) values.emplace_back(field->value());
  return values;
}

std::vector<std::pair<std::string, std::string>> request::headers_that_begin(std::string_view prefix) const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& field : *header_)
    if (boost::beast::iequals(field.name_string().substr(0, prefix.size()), prefix))
      found.emplace_back(field.name_string(), field.value());
  return found;
}

std::string_view request::header(std::string_view name) const {
  const auto value = (*header_)[name];
  return {value.data(), value.size()};
}

std::vector<std::string> request::parameter_values(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : parameters_)
    if (key == name) values.push_back(value);
  return values;
}

std::vector<std::string> request::parameter_list(std::string_view name) const {
  std::vector<std::string> items;
  for (const auto& value : parameter_values(name))
    for (const auto item : std::views::split(value, ','))
      if (!item.empty()) items.emplace_back(item.begin(), item.end());
  return items;
}

}  // namespace event_relay::http
