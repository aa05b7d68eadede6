#pragma once

#include "event_relay/http/request.hpp"

#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

namespace event_relay::test {

/// A header as the parser leaves it. The Host is there unless the version is 1.0.
inline http::request_header made_header(
    std::string_view target, std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {},
    unsigned version = 11) {
  http::request_header header;
  header.method(boost::beast::http::verb::get);
  header.target({target.data(), target.size()});
  header.version(version);
  if (version == 11) header.insert("Host", "relay.example");
  for (const auto& [name, value] : fields) header.insert({name.data(), name.size()}, {value.data(), value.size()});
  return header;
}

/// Throws when it is refused. The header must outlive it.
inline http::request made_request(const http::request_header& header) {
  auto read = http::request::read(header);
  if (const auto* wrong = std::get_if<http::problem>(&read)) throw std::runtime_error(name_of(wrong->code));
  return std::get<http::request>(std::move(read));
}

}  // namespace event_relay::test
