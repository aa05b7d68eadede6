#include "event_relay/app/application.hpp"

#include "event_relay/app/metrics.hpp"
#include "event_relay/app/status.hpp"
#include "event_relay/app/version.hpp"
#include "event_relay/core/connection_string.hpp"
#include "event_relay/core/log.hpp"
#include "event_relay/journal/make_journal.hpp"
#include "event_relay/journal/postgres_journal.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <sys/resource.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace event_relay {

namespace {

/// Here and not where it is connected to: that would be retried for ever.
const std::string& checked(const std::string& url, const std::string& key) {
  if (!sqlite_path(url) && !is_connection_string(url))
    throw std::invalid_argument(key + ": is neither a postgresql:// URL nor key=value words that libpq knows (it may hold"
                                      " a password, so it is not shown)");
  return url;
}

std::unique_ptr<journal> standby_of(const journal_config& options) {
  if (options.replay_url.empty()) return nullptr;
  return make_postgres_standby(checked(options.replay_url, "journal.replay_url"));
}

/// For what comes after shutdown.deadline: the actors end, and the journal is closed.
constexpr std::chrono::seconds time_to_end{15};

}  // namespace

application::application(config configuration)
    : configuration_(std::move(configuration)),
      logging_(configuration_.log),
      journal_(
          make_journal(checked(configuration_.journal.url, "journal.url"), configuration_.retention.partition_events)),
      standby_(standby_of(configuration_.journal)),
      relay_(
          configuration_, *journal_, counted_,
          [this](const std::string& why) {
            boost::asio::post(signals_, [this, why] {
              fatal_ = why;
              signals_.stop();
            });
          },
          standby_.get()),
      server_({configuration_, relay_, counted_, [this] { return render_metrics(now()); },
               [this] { return render_status(now()); }}),
      service_manager_(
          signals_, [this] { return service_status(relay_.report(), counted_); },
          [this](auto answered) { ask_all_parts(std::move(answered)); }) {}

snapshot application::now() const { return {configuration_, counted_, relay_.report(), started_at_}; }

int application::run() {
  log::info("event-relay starts", {{"version", version}});
  log_configuration(configuration_);
  raise_descriptor_limit();
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error of a write, not the end of the process
  server_.start();
  warn_of_open_scopes();
  log::info("listening", {{"address", configuration_.http.address}, {"port", server_.port()}});
  service_manager_.listening();
  wait_for_end();
  shut_down();
  if (fatal_.empty()) return 0;
  log::error("the journal cannot be used", {{"why", fatal_}});
  return 1;
}

/// On the loopback interface everybody is somebody of this machine; elsewhere a list that is empty may be an oversight.
void application::warn_of_open_scopes() const {
  if (boost::asio::ip::make_address(configuration_.http.address).is_loopback()) return;
  const auto warn = [](const auto& tokens, std::string_view key) {
    if (tokens.empty()) log::warn("whoever reaches the port needs no token", {{"because_empty", key}});
  };
  warn(configuration_.access.read_tokens, "access.read_tokens");
  warn(configuration_.access.publish_tokens, "access.publish_tokens");
}

/// A stream is a descriptor. The soft limit is 1024 nearly everywhere, for the sake of programs that use select().
void application::raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < configuration_.http.max_connections)
    log::warn("fewer descriptors than http.max_connections", {{"nofile", limit.rlim_cur}});
}

void application::wait_for_end() {
  ends_.async_wait([this](const auto& error, int number) {
    if (error) return;
    log::info("shutting down", {{"signal", number}});
    signals_.stop();
  });
  signals_.run();
  ends_.clear();  // a second signal ends the process at once
}

/// The I/O threads and the actors, but not those that wait for the database: they may wait for long, and come to it by
/// themselves.
void application::ask_all_parts(std::function<void()> answered) {
  server_.visit_all_threads([this, answered = std::move(answered)] {
    relay_.echo(completion<bool>([answered](result<bool> answer) {
      if (answer) answered();
    }));
  });
}

void application::shut_down() {
  const auto& options = configuration_.shutdown;
  service_manager_.stopping(options.drain_delay + options.deadline + time_to_end);
  const auto give_up = std::chrono::steady_clock::now() + options.drain_delay + options.deadline;
  const auto left = [give_up] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(give_up - std::chrono::steady_clock::now());
  };
  relay_.refuse_streams();  // /readyz says so; balancers get drain_delay to notice
  std::this_thread::sleep_for(options.drain_delay);
  server_.stop_listening();
  if (!relay_.drain(options.drain_period, left())) log::warn("streams were still open at shutdown.deadline");
  server_.finish_requests(left());
  relay_.stop_streams();
  server_.stop();
  log::info("stopped", {{"events_published", counted_.events_published.load()},
                        {"streams_served", counted_.streams_opened.load()}});
}

}  // namespace event_relay
