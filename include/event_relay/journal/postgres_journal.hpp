#pragma once

#include "event_relay/journal/journal.hpp"

#include <memory>
#include <string>

namespace event_relay {

/// A journal in the schema `event_relay` of a PostgreSQL database (15 or later, encoding UTF8). The url is a libpq
/// connection string or postgresql:// URL; what it does not say about time-outs and dead peers gets defaults that
/// notice a lost server within ten seconds or so. Does not connect yet. No exception text contains the url's password.
std::unique_ptr<journal> make_postgres_journal(std::string url);

}  // namespace event_relay
