#include "event_relay/http/endpoint.hpp"
#include "http/openapi.hpp"

namespace event_relay::http {

awaitable<answer> describe_interface(exchange&) {
  co_return json_response(boost::beast::http::status::ok, std::string(openapi_document()));
}

}  // namespace event_relay::http
