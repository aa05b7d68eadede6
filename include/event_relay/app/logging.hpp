#pragma once

#include "event_relay/core/config.hpp"

namespace event_relay {

/// While it lives, core/log.hpp writes to standard error; before and after, nothing is written. One at a time, made
/// before and destroyed after every thread that logs. Lines are written by the thread that logs them, whole and
/// unbuffered: what was logged is there even when the process is killed.
class logging {
 public:
  /// The level must be one that validate() lets through; any other counts as info.
  explicit logging(const log_config& configuration);
  ~logging();
  logging(const logging&) = delete;
  logging& operator=(const logging&) = delete;
};

/// One line with every option as it is in effect, passwords hidden.
void log_configuration(const config& configuration);

}  // namespace event_relay
