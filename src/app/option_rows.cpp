#include "app/option_forms.hpp"
#include "app/option_table.hpp"

#include <array>
#include <utility>

namespace event_relay {
namespace option_forms {

constexpr std::array on_gap_words{std::pair{gap_policy::earliest, std::string_view{"earliest"}},
                                  std::pair{gap_policy::live, std::string_view{"live"}},
                                  std::pair{gap_policy::fail, std::string_view{"fail"}}};
struct on_gap : choice<on_gap_words> {
  static constexpr std::string_view unit = "POLICY";
  static constexpr std::string_view allowed = "earliest, live or fail";
};

constexpr std::array format_words{std::pair{log_format::text, std::string_view{"text"}},
                                  std::pair{log_format::json, std::string_view{"json"}}};
struct format : choice<format_words> {
  static constexpr std::string_view unit = "FORMAT";
  static constexpr std::string_view allowed = "text or json";
};

constexpr std::array access_words{std::pair{access_log::none, std::string_view{"none"}},
                                  std::pair{access_log::refused, std::string_view{"refused"}},
                                  std::pair{access_log::all, std::string_view{"all"}}};
struct requests : choice<access_words> {
  static constexpr std::string_view unit = "REQUESTS";
  static constexpr std::string_view allowed = "none, refused or all";
};

constexpr std::array outbox_words{std::pair{outbox_use::automatic, std::string_view{"auto"}},
                                  std::pair{outbox_use::always, std::string_view{"true"}},
                                  std::pair{outbox_use::never, std::string_view{"false"}}};
struct use_of_outbox : choice<outbox_words> {
  static constexpr std::string_view unit = "FLAG";
  static constexpr std::string_view allowed = "true, false or auto";
};

constexpr std::array flag_words{std::pair{true, std::string_view{"true"}}, std::pair{false, std::string_view{"false"}}};
struct flag : choice<flag_words> {
  static constexpr std::string_view unit = "FLAG";
  static constexpr std::string_view allowed = "true or false";
};

}  // namespace option_forms

namespace {

namespace form = option_forms;

template <auto... Path, class Config>
auto& member_of(Config& configuration) {
  return (configuration.*....*Path);
}

/// A form that holds secrets says how it is shown.
template <class Form>
constexpr auto without_secret_of() -> std::string (*)(std::string_view) {
  if constexpr (requires { &Form::without_secret; }) return &Form::without_secret;
  else return nullptr;
}

template <class Form, auto... Path>
option_row row(std::string_view name, std::string_view help) {
  return {.name = name,
          .unit = Form::unit,
          .help = help,
          .allowed = Form::allowed,
          .repeatable = std::is_base_of_v<option_forms::list, Form>,
          .without_secret = without_secret_of<Form>(),
          .read = [](config& to, std::string_view text) { return Form::read(member_of<Path...>(to), text); },
          .write = [](const config& from) { return Form::write(member_of<Path...>(from)); }};
}

option_row also_called(std::string_view alias, option_row row) {
  row.alias = alias;
  return row;
}

// A room's rows: the path to its members begins alike.
template <class Form, auto Member>
constexpr auto http = row<Form, &config::http, Member>;
template <class Form, auto Member>
constexpr auto access = row<Form, &config::access, Member>;
template <class Form, auto Member>
constexpr auto journal = row<Form, &config::journal, Member>;
template <class Form, auto Member>
constexpr auto publish = row<Form, &config::publish, Member>;
template <class Form, auto Member>
constexpr auto outbox = row<Form, &config::outbox, Member>;
template <class Form, auto Member>
constexpr auto retention = row<Form, &config::retention, Member>;
template <class Form, auto Member>
constexpr auto stream = row<Form, &config::stream, Member>;
template <class Form, auto Member>
constexpr auto shutdown = row<Form, &config::shutdown, Member>;
template <class Form, auto Member>
constexpr auto log_output = row<Form, &config::log, Member>;

std::vector<option_row> relay_rows() {
  return {
      row<form::list, &config::topics>("topics", "topics that may be published here, at POST /TOPIC"),
      row<form::count, &config::threads>("threads", "threads that serve streams; 0: one per processor core"),
  };
}

std::vector<option_row> http_rows() {
  return {
      http<form::address, &http_config::address>("http.address",
                                                 "IP address to listen on; 0.0.0.0 or :: for all interfaces"),
      http<form::port, &http_config::port>("http.port", "TCP port; 0: a free one, which the log tells"),
      http<form::count, &http_config::threads>("http.threads", "threads that accept connections and read requests"),
      http<form::count, &http_config::max_connections>("http.max_connections",
                                                       "open connections of every kind; more get 503"),
      http<form::size, &http_config::max_header_bytes>("http.max_header_bytes",
                                                       "request line and headers together; more get 431"),
      http<form::size, &http_config::max_target_bytes>("http.max_target_bytes",
                                                       "path and query of a request; more get 414"),
      http<form::duration, &http_config::header_timeout>("http.header_timeout",
                                                         "time for a request's headers to arrive, then 408"),
      http<form::duration, &http_config::body_timeout>("http.body_timeout",
                                                       "time for a request's body to arrive, then 408"),
      http<form::duration, &http_config::idle_timeout>("http.idle_timeout",
                                                       "a connection without a request is closed after this"),
      http<form::list, &http_config::cors_origins>(
          "http.cors_origins", "origins whose web pages may use the relay, e.g. https://app.example; * for all"),
      http<form::flag, &http_config::console>("http.console", "serve the console, a web page at /"),
  };
}

std::vector<option_row> access_rows() {
  return {
      access<form::tokens, &access_config::read_tokens>(
          "access.read_tokens",
          "whoever has one of these tokens may read events and figures and manage consumers; none: everybody. Better in"
          " the environment or the file: every user of the machine can read a command line"),
      access<form::tokens, &access_config::publish_tokens>("access.publish_tokens",
                                                           "whoever has one of these may publish; none: everybody"),
  };
}

std::vector<option_row> journal_rows() {
  return {
      also_called("journal", journal<form::connection, &journal_config::url>(
          "journal.url",
          "where the journal is, must be set: sqlite:PATH for a file, for one relay; or a PostgreSQL database, as URL or"
          " key=value words. Better in the environment or the file if it has a password: every user of the machine can"
          " read a command line")),
      journal<form::connection, &journal_config::replay_url>(
          "journal.replay_url",
          "a hot standby of the journal, which replays are read from where it is up to date; none: all from journal.url"),
      journal<form::count, &journal_config::readers>("journal.readers", "connections to it that serve replays"),
      journal<form::count, &journal_config::page_events>("journal.page_events", "events read at once for a replay"),
      journal<form::size, &journal_config::page_bytes>("journal.page_bytes",
                                                       "data read at once for a replay (one event at least)"),
      journal<form::duration, &journal_config::poll_interval>(
          "journal.poll_interval", "look for new events at least this often, should a notification be lost"),
      journal<form::duration, &journal_config::reconnect_max>(
          "journal.reconnect_max", "longest pause between two attempts to reach the database"),
      journal<form::whole_seconds, &journal_config::idempotency_window>("journal.idempotency_window",
                                                                        "how long an Idempotency-Key is remembered"),
      journal<form::flag, &journal_config::migrate>("journal.migrate",
                                                    "create or upgrade its schema at start"),
  };
}

std::vector<option_row> publish_rows() {
  return {
      publish<form::size, &publish_config::max_event_bytes>("publish.max_event_bytes",
                                                            "data of one event; more get 413"),
      publish<form::count, &publish_config::max_request_events>("publish.max_request_events",
                                                                "events of a batch sent whole; more get 413"),
      publish<form::size, &publish_config::max_request_bytes>("publish.max_request_bytes", "the same as bytes"),
      publish<form::count, &publish_config::max_waiting>("publish.max_waiting",
                                                         "events waiting for their commit; more get 503"),
      publish<form::size, &publish_config::max_waiting_bytes>("publish.max_waiting_bytes", "the same as bytes of data"),
      publish<form::count, &publish_config::max_batch_events>("publish.max_batch_events",
                                                              "events stored by one commit"),
      publish<form::size, &publish_config::max_batch_bytes>("publish.max_batch_bytes",
                                                            "data stored by one commit (one event at least)"),
      publish<form::duration, &publish_config::in_doubt_timeout>(
          "publish.in_doubt_timeout", "how long a publisher waits for the fate of a commit that was cut off, then 503"),
  };
}

std::vector<option_row> outbox_rows() {
  return {
      outbox<form::use_of_outbox, &outbox_config::enabled>(
          "outbox.enabled",
          "relay what services publish in their own transactions, by event_relay.publish(); auto: if the journal is"
          " in PostgreSQL"),
      outbox<form::duration, &outbox_config::poll_interval>(
          "outbox.poll_interval", "how often to look for it; 250ms until the outbox is used for the first time"),
  };
}

std::vector<option_row> retention_rows() {
  return {
      retention<form::whole_seconds, &retention_config::max_age>("retention.max_age",
                                                                 "events older than this are removed; 0s: never"),
      retention<form::count, &retention_config::max_events>("retention.max_events",
                                                            "so many of the newest events are kept; 0: all"),
      retention<form::size, &retention_config::max_bytes>("retention.max_bytes",
                                                          "disk space that the journal may take; 0: all there is"),
      retention<form::count, &retention_config::partition_events>(
          "retention.partition_events", "events are removed in pieces of so many; applies to pieces made from now on"),
      retention<form::flag, &retention_config::overtake_consumers>(
          "retention.overtake_consumers", "remove also what named consumers have not acknowledged"),
      retention<form::duration, &retention_config::interval>("retention.interval",
                                                             "how often to look for what is to be removed"),
  };
}

std::vector<option_row> stream_rows() {
  return {
      stream<form::count, &stream_config::max_streams>("stream.max_streams", "open event streams; more get 503"),
      stream<form::count, &stream_config::max_streams_per_address>(
          "stream.max_streams_per_address", "the same for one client address, more get 429; 0: no limit"),
      stream<form::duration, &stream_config::heartbeat>(
          "stream.heartbeat", "a comment is sent after this much silence; some clients give up after 45s of it"),
      stream<form::duration, &stream_config::closed_check>("stream.closed_check",
                                                           "how often to look whether the client is still there"),
      stream<form::duration, &stream_config::retry>(
          "stream.retry", "clients are told to reconnect after this, +-20 % so that they do not come all at once"),
      stream<form::duration, &stream_config::max_age>("stream.max_age",
                                                      "a stream is closed after this, +-20 %; 0s: never"),
      stream<form::duration, &stream_config::stall_timeout>("stream.stall_timeout",
                                                            "a client that takes not one byte for so long is cut off"),
      stream<form::size, &stream_config::tail_bytes>("stream.tail_bytes",
                                                     "memory for the newest events, shared by all streams"),
      stream<form::size, &stream_config::replay_bytes>("stream.replay_bytes",
                                                       "memory for the replays of all streams together"),
      stream<form::on_gap, &stream_config::on_gap>(
          "stream.on_gap",
          "what a stream does when events after the client's last one are gone: begin with the"
          " earliest that is left, with the next live one, or fail with 410"),
  };
}

std::vector<option_row> shutdown_rows() {
  return {
      shutdown<form::duration, &shutdown_config::drain_delay>(
          "shutdown.drain_delay", "/readyz answers 503 for so long before the port is closed"),
      shutdown<form::duration, &shutdown_config::drain_period>("shutdown.drain_period",
                                                               "streams are closed spread over this time"),
      shutdown<form::duration, &shutdown_config::deadline>("shutdown.deadline",
                                                           "what is still open after this is cut off"),
  };
}

std::vector<option_row> log_rows() {
  return {
      log_output<form::level, &log_config::level>("log.level",
                                                  "least level that is written: trace, debug, info, warn or error"),
      log_output<form::format, &log_config::format>("log.format", "text, or json for one object a line"),
      log_output<form::requests, &log_config::access>(
          "log.access", "requests that get a line at level info: none, refused, or all, streams when they end"),
  };
}

std::vector<option_row> all_rows() {
  std::vector<option_row> all;
  for (const auto rows_of_room :
       {relay_rows, http_rows, access_rows, journal_rows, publish_rows, outbox_rows, retention_rows, stream_rows, shutdown_rows, log_rows})
    for (const auto& row : rows_of_room()) all.push_back(row);
  return all;
}

}  // namespace

std::span<const option_row> option_rows() {
  static const auto rows = all_rows();
  return rows;
}

}  // namespace event_relay
