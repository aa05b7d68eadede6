#pragma once

#include "event_relay/app/logging.hpp"
#include "event_relay/app/service_manager.hpp"
#include "event_relay/app/snapshot.hpp"
#include "event_relay/core/config.hpp"
#include "event_relay/core/counters.hpp"
#include "event_relay/core/timestamp.hpp"
#include "event_relay/http/http_server.hpp"
#include "event_relay/journal/journal.hpp"
#include "event_relay/relay/relay.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <functional>
#include <memory>
#include <string>

namespace event_relay {

/// The whole process: builds and wires the rooms, waits for a signal, and takes everything down in the only order that
/// leaves nothing half-written. The members are in the order in which they are needed.
class application {
 public:
  /// Throws std::exception when it cannot start: the address is taken, the journal URL makes no sense.
  explicit application(config configuration);

  /// Serves until SIGTERM or SIGINT. Returns the exit code: 0, or 1 when the journal turned out to be unusable.
  int run();

 private:
  snapshot now() const;
  void warn_of_open_scopes() const;
  void raise_descriptor_limit();
  void wait_for_end();
  void shut_down();
  void ask_all_parts(std::function<void()> answered);

  const timestamp started_at_ = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const config configuration_;
  const logging logging_;
  counters counted_;
  boost::asio::io_context signals_{1};
  boost::asio::signal_set ends_{signals_, SIGINT, SIGTERM};  // from the first moment: a stop during start is orderly too
  std::string fatal_;  // why the journal cannot be used; set in signals_
  const std::unique_ptr<journal> journal_;
  const std::unique_ptr<journal> standby_;  // null without journal.replay_url
  relay relay_;
  http::http_server server_;
  service_manager service_manager_;
};

}  // namespace event_relay
