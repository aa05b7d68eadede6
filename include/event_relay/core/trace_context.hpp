#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace event_relay {

/// The trace that a request belongs to (W3C Trace Context). Its parts are what CloudEvents' distributed tracing
/// extension has as attributes.
struct trace_context {
  std::string parent;  ///< traceparent, of version 00
  std::string state;   ///< tracestate; empty: none

  std::string_view trace_id() const noexcept { return std::string_view(parent).substr(3, 32); }
};

/// From the headers. What is malformed counts as not there, as the specification wants it: no trace without a good
/// traceparent, and no state that breaks its rules. Of a later version what version 00 knows is taken.
std::optional<trace_context> read_trace_context(std::span<const std::string> traceparents,
                                                std::span<const std::string> tracestates);

/// Attributes (a JSON object, or nothing) with these added. Those that have one of the two already stay as they are.
std::string with_trace(std::string attributes, const trace_context& trace);

/// Whether it is one of the two attributes, which an event may have without having come as a CloudEvent.
bool is_trace_attribute(std::string_view name) noexcept;

}  // namespace event_relay
