#pragma once

#include "event_relay/journal/journal.hpp"

#include <memory>
#include <string>

namespace event_relay {

/// A journal in the schema `event_relay` of a PostgreSQL database (15 or later, encoding UTF8). The url is a libpq
/// connection string or postgresql:// URL; what it does not say about time-outs and dead peers gets defaults that
/// notice a lost server within ten seconds or so. Does not connect yet. No exception text contains the url's password.
/// `partition_events`: how large partitions are made from now on; 0: as they were.
std::unique_ptr<journal> make_postgres_journal(std::string url, std::size_t partition_events = 0);

/// The same on a server that only reads, to be asked for bounds(), read_after() and find() only: nothing is ever written.
/// If the url names several hosts, one that is a standby is preferred.
std::unique_ptr<journal> make_postgres_standby(std::string url);

/// Whether libpq understands the url; says nothing about the server.
bool is_connection_string(const std::string& url);

}  // namespace event_relay
