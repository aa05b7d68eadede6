#pragma once

#include "event_relay/app/options.hpp"
#include "event_relay/core/config.hpp"
#include "event_relay/journal/journal_transfer.hpp"

#include <iosfwd>
#include <string>
#include <variant>

namespace event_relay {

/// `event-relay journal COMMAND`: what is done to a journal in place of serving it.
struct journal_command {
  enum class kind { migrate, verify, new_epoch, export_events, import_events };

  kind what = kind::verify;
  bool json = false;               ///< of verify
  std::string reason = "by hand";  ///< of new-epoch
  export_range range;              ///< of export
  config configuration;
};

/// As read_options(), of the arguments from `journal` on; --help after the command is about that command.
std::variant<journal_command, early_exit> read_journal_command(const char* const* arguments,
                                                               const char* const* environment);

/// Does it. `in` is what import reads, `out` gets what the command is for, `messages` what a person wants to know
/// beside it. Returns the exit code: 0, or 1 with the reason in `messages`, and for a journal that verify found faults
/// in.
int run_journal_command(const journal_command& command, std::istream& in, std::ostream& out, std::ostream& messages);

}  // namespace event_relay
