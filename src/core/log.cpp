#include "event_relay/core/log.hpp"

#include "event_relay/core/log_line.hpp"

#include <spdlog/spdlog.h>

namespace event_relay::log {
namespace {

std::atomic<format> shape_of_lines{format::text};

spdlog::level::level_enum to_spdlog(level severity) {
  switch (severity) {
    case level::trace: return spdlog::level::trace;
    case level::debug: return spdlog::level::debug;
    case level::info: return spdlog::level::info;
    case level::warn: return spdlog::level::warn;
    case level::error: return spdlog::level::err;
    case level::off: break;
  }
  return spdlog::level::off;
}

}  // namespace

void configure(level least, format shape) noexcept {
  shape_of_lines.store(shape, std::memory_order_relaxed);
  detail::threshold.store(least, std::memory_order_relaxed);
}

void write(level severity, std::string_view message, std::span<const field> fields) noexcept {
  // A line that cannot be written must not take a stream or a commit down with it.
  try {
    auto* sink = spdlog::default_logger_raw();
    if (sink == nullptr) return;
    const auto now = std::chrono::system_clock::now();
    const auto spell = shape_of_lines.load(std::memory_order_relaxed) == format::json ? json_line : text_line;
    sink->log(to_spdlog(severity), spdlog::string_view_t{spell(now, severity, message, fields)});
  } catch (...) {
  }
}

}  // namespace event_relay::log
