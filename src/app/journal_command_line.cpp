#include "event_relay/app/journal_command.hpp"
#include "event_relay/core/event_id.hpp"
#include "event_relay/core/log_line.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace event_relay {
namespace {

using kind = journal_command::kind;

/// An option of one command, beside those of the relay.
struct own_option {
  std::string_view name;
  std::string_view unit;  ///< empty: it has no value
  std::string_view help;
  /// What is wrong with the value; empty: nothing.
  std::string (*read)(journal_command&, const std::string&) = nullptr;
};

struct command_row {
  kind what;
  std::string_view name;
  std::string_view help;
  std::vector<own_option> options;
};

std::string read_position(std::optional<position_t>& to, const std::string& text) {
  const auto position = parse_position(text);
  if (!position) return "must be the position of an event, e.g. 4711, is " + log::quoted(text);
  to = *position;
  return {};
}

const std::array<command_row, 5>& rows() {
  static const std::array<command_row, 5> all{{
      {kind::migrate, "migrate", "creates or upgrades the schema, as a relay does at start.", {}},
      {kind::verify,
       "verify",
       "reads the whole journal and reports what it has and what is wrong with it. The checksum over\n"
       "position, topic, type and data of its events is the same for the same events on every server. Exit code 1:\n"
       "something is wrong. A standby can be verified too: target_session_attrs=any in journal.url.",
       {{"json", "", "report as one JSON object",
         [](journal_command& to, const std::string&) {
           to.json = true;
           return std::string{};
         }}}},
      {kind::new_epoch,
       "new-epoch",
       "opens an epoch by hand, e.g. after a backup was restored in place: clients that have seen events\n"
       "beyond the newest one are told that they are lost. To be done before a relay serves the journal again. Prints\n"
       "the new epoch.",
       {{"reason", "TEXT", "noted down with the epoch",
         [](journal_command& to, const std::string& text) {
           to.reason = text;
           return std::string{text.empty() ? "must not be empty" : ""};
         }}}},
      {kind::export_events,
       "export",
       "writes the journal to standard output as lines of JSON: the first describes the export, each of the\n"
       "others is one event with id, topic, type, time, and data as a text, and a CloudEvent's attributes. Shows the journal as it is when it "
       "begins.\n"
       "Idempotency keys are not part of it.",
       {{"after", "POSITION", "begin behind this event",
         [](journal_command& to, const std::string& text) { return read_position(to.range.after, text); }},
        {"until-position", "POSITION", "end with this event",
         [](journal_command& to, const std::string& text) { return read_position(to.range.until, text); }}}},
      {kind::import_events,
       "import",
       "stores an export from standard input in a journal that never had an event, with its positions and\n"
       "epochs, so that the ids that clients have stay valid; a new epoch begins behind them. All or nothing. Creates "
       "the\n"
       "schema unless journal.migrate is off. No relay should run on the journal meanwhile.",
       {}},
  }};
  return all;
}

std::string usage() {
  std::string text = "Usage: event-relay journal COMMAND --journal.url=postgresql://USER@HOST/DATABASE [OPTION]...\n\n";
  for (const auto& row : rows())
    text.append("event-relay journal ").append(row.name).append("\n  ").append(row.help).append("\n\n");
  return text.append(
      "event-relay journal COMMAND --help shows a command's own options. The relay's options, environment and\n"
      "--config FILE count here too; see event-relay --help.\n");
}

std::string help_of(const command_row& row) {
  std::string text = "Usage: event-relay journal " + std::string{row.name};
  for (const auto& option : row.options)
    text.append(" [--").append(option.name).append(option.unit.empty() ? "" : "=").append(option.unit).append("]");
  text.append(" [OPTION]...\n\n").append(row.name).append(" ").append(row.help).append("\n\n");
  for (const auto& option : row.options)
    text.append("  --")
        .append(option.name)
        .append(option.unit.empty() ? "" : " ")
        .append(option.unit)
        .append("  ")
        .append(option.help)
        .append("\n");
  return text.append("  --journal.url URL  and the relay's other options, as in event-relay --help\n");
}

early_exit refuse(const std::string& problem) {
  return {2, "event-relay: " + problem + "\nevent-relay: journal --help lists the commands\n"};
}

/// Takes the command's own options out of the words. Returns what is wrong with one of them.
std::optional<early_exit> take_own(const command_row& row, std::vector<std::string>& words, journal_command& to) {
  for (auto word = words.begin(); word != words.end();) {
    if (*word == "--help" || *word == "-h") return early_exit{0, help_of(row)};
    const auto equals = std::min(word->find('='), word->size());
    const auto option = std::ranges::find_if(row.options, [&](const auto& one) {
      return word->starts_with("--") && std::string_view{*word}.substr(2, equals - 2) == one.name;
    });
    if (option == row.options.end()) {
      ++word;
      continue;
    }
    const std::string name{option->name};
    const bool has_value = equals < word->size();
    std::string value = has_value ? word->substr(equals + 1) : "";
    word = words.erase(word);
    if (option->unit.empty()) {
      if (has_value) return refuse(name + " (command line): takes no value");
    } else if (!has_value) {
      if (word == words.end()) return refuse(name + " (command line): has no value");
      value = *word;
      word = words.erase(word);
    }
    if (const auto problem = option->read(to, value); !problem.empty())
      return refuse(name + " (command line): " + problem);
  }
  return std::nullopt;
}

}  // namespace

std::variant<journal_command, early_exit> read_journal_command(const char* const* arguments,
                                                               const char* const* environment) {
  std::vector<std::string> words;
  for (auto word = arguments + 1; *word != nullptr; ++word) words.emplace_back(*word);
  if (words.empty()) return early_exit{2, usage()};
  if (words.front() == "--help" || words.front() == "-h") return early_exit{0, usage()};
  const auto row = std::ranges::find(rows(), words.front(), &command_row::name);
  if (row == rows().end()) {
    // A connection string in the wrong place may hold a password.
    const auto name = words.front().substr(0, words.front().find_first_of(":=@ "));
    return refuse("journal: there is no command " + log::quoted(name));
  }
  words.erase(words.begin());
  journal_command command{.what = row->what, .range = {}, .configuration = {}};
  if (auto end = take_own(*row, words, command)) return *std::move(end);

  std::vector<const char*> others{arguments[0]};
  for (const auto& word : words) others.push_back(word.c_str());
  others.push_back(nullptr);
  auto options = read_options(others.data(), environment);
  if (auto* end = std::get_if<early_exit>(&options)) return std::move(*end);
  command.configuration = std::move(std::get<config>(options));
  return command;
}

}  // namespace event_relay
