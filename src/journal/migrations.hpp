#pragma once

#include <span>
#include <string_view>

namespace event_relay {

/// One step of the journal's schema: the script that leads from version n - 1 to n, where n counts from 1.
struct migration {
  std::string_view description;
  std::string_view sql;
};

/// All of them, made by CMake from src/journal/migrations/*.sql.
std::span<const migration> migrations();

/// Those of the journal in a SQLite file, from src/journal/sqlite_migrations/*.sql.
std::span<const migration> sqlite_migrations();

}  // namespace event_relay
