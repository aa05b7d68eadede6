#include "event_relay/app/logging.hpp"

#include "event_relay/app/options.hpp"
#include "event_relay/core/log.hpp"
#include "event_relay/core/log_line.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

namespace event_relay {
namespace {

log::level level_of(std::string_view name) {
  for (const auto level : {log::level::trace, log::level::debug, log::level::warn, log::level::error})
    if (name == log::name_of(level)) return level;
  return log::level::info;
}

}  // namespace

logging::logging(const log_config& configuration) {
  auto logger = std::make_shared<spdlog::logger>("event-relay", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  // core/log.cpp spells the whole line and has looked at the level already.
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
  log::configure(level_of(configuration.level),
                 configuration.format == log_format::json ? log::format::json : log::format::text);
}

logging::~logging() {
  log::configure(log::level::off, log::format::text);
  spdlog::default_logger_raw()->flush();
}

void log_configuration(const config& configuration) {
  if (!log::enabled(log::level::info)) return;
  const auto settings = effective_settings(configuration);
  std::vector<log::field> fields;
  fields.reserve(settings.size());
  for (const auto& [name, value] : settings) fields.push_back({name, value});
  log::write(log::level::info, "configuration", fields);
}

}  // namespace event_relay
