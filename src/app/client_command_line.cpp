#include "app/client_command_line.hpp"

#include "app/option_forms.hpp"
#include "app/option_sources.hpp"
#include "event_relay/core/event.hpp"
#include "event_relay/core/log_line.hpp"
#include "event_relay/core/units.hpp"

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <sstream>

namespace event_relay {
namespace {

namespace po = boost::program_options;
using texts = std::vector<std::string>;

constexpr const char* nameless = "without name";
constexpr const char* usual_url = "http://127.0.0.1:8080";

po::options_description describe_common() {
  po::options_description common{"Which relay", 120, 60};
  common.add_options()("url", po::value<texts>()->value_name("URL"),
                       "where it is; else EVENT_RELAY_URL, else http://127.0.0.1:8080")(
      "token", po::value<texts>()->value_name("TOKEN"),
      "sent as Authorization: Bearer; better as EVENT_RELAY_TOKEN, for every user of a machine can read command lines")(
      "help,h", "show this and exit");
  return common;
}

}  // namespace

std::string given_words::text(const char* name) const {
  if (!has(name)) return {};
  const auto& all = values_[name].as<texts>();
  if (all.size() > 1) throw wrong_command_line(std::string(name) + " is given twice");
  return all.front();
}

texts given_words::list(const char* name) const {
  texts items;
  if (!has(name)) return items;
  for (const auto& text : values_[name].as<texts>()) {
    texts some;
    if (!option_forms::list::read(some, text) || some.empty())
      throw wrong_command_line(std::string(name) + " must be " + std::string(option_forms::list::allowed));
    std::ranges::move(some, std::back_inserter(items));
  }
  return items;
}

std::chrono::milliseconds given_words::duration(const char* name, std::chrono::milliseconds usual) const {
  if (!has(name)) return usual;
  const auto given = text(name);
  const auto duration = parse_duration(given);
  if (!duration || duration->count() <= 0 || *duration > std::chrono::hours(24))
    throw wrong_command_line(std::string(name) + " must be a duration of up to 24h such as 45s or 2m, is " +
                             log::quoted(given));
  return *duration;
}

texts given_words::without_name() const {
  return has(nameless) ? values_[nameless].as<texts>() : texts{};
}

void given_words::set(const char* name, const std::string& value) {
  values_.insert_or_assign(name, po::variable_value(texts{value}, false));
}

client_command_line& client_command_line::flag(const char* name, const char* help) {
  options_.add_options()(name, help);
  return *this;
}

client_command_line& client_command_line::option(const char* name, const char* unit, const std::string& help) {
  options_.add_options()(name, po::value<texts>()->value_name(unit), help.c_str());
  return *this;
}

std::variant<given_words, early_exit> client_command_line::read(const texts& words) {
  using namespace po::command_line_style;
  try {
    po::options_description all;
    all.add(options_).add(describe_common()).add_options()(nameless, po::value<texts>());
    po::positional_options_description places;
    places.add(nameless, -1);
    po::variables_map values;
    po::store(po::command_line_parser{with_empty_values_apart(words)}
                  .options(all)
                  .positional(places)
                  .style(allow_long | long_allow_adjacent | long_allow_next | allow_short | short_allow_next |
                         allow_dash_for_short)
                  .run(),
              values);
    if (values.count("help") > 0) return early_exit{0, help()};
    return given_words(std::move(values));
  } catch (const po::error& wrong) {
    throw wrong_command_line(wrong.what());
  }
}

early_exit client_command_line::refuse(const wrong_command_line& why) const {
  return {2,
          "event-relay: " + name_ + ": " + why.what() + "\nevent-relay: " + name_ + " --help tells how it is used\n"};
}

std::string client_command_line::help() const {
  std::ostringstream text;
  text << usage_ << '\n' << options_ << '\n' << describe_common();
  return text.str();
}

std::variant<int, early_exit> run_with(client_command_line line, const texts& words,
                                       const std::function<int(const given_words&)>& run) {
  try {
    const auto read = line.read(words);
    if (const auto* exit = std::get_if<early_exit>(&read)) return *exit;
    return run(std::get<given_words>(read));
  } catch (const wrong_command_line& why) {
    return line.refuse(why);
  }
}

std::string good_topic(const std::string& topic) {
  if (!check_topic_name(topic))
    throw wrong_command_line("a topic is 1 to 128 letters, digits and . _ : -, is " + log::quoted(topic));
  return topic;
}

std::string variable(const char* const* environment, std::string_view name) {
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry{*environment};
    if (entry.starts_with(name) && entry.substr(name.size()).starts_with('='))
      return std::string(entry.substr(name.size() + 1));
  }
  return {};
}

std::string good_token(const std::string& token, const std::string& origin) {
  if (std::ranges::any_of(token, [](char c) { return c <= ' ' || c >= 0x7f; }))
    throw wrong_command_line(origin + " must be visible characters without spaces");
  return token;
}

client::relay_address relay_of(const given_words& given, const char* const* environment) {
  std::string origin = "url";
  auto url = given.text("url");
  if (url.empty()) {
    origin = "EVENT_RELAY_URL";
    url = variable(environment, origin);
  }
  auto relay = client::relay_address::parse(url.empty() ? usual_url : url);
  if (!relay)
    throw wrong_command_line(origin + " must be as http://127.0.0.1:8080 or https://events.example, is " +
                             log::quoted(url));
  const auto token = given.text("token");
  relay->set_token(token.empty() ? good_token(variable(environment, "EVENT_RELAY_TOKEN"), "EVENT_RELAY_TOKEN")
                                 : good_token(token, "token"));
  return *std::move(relay);
}

}  // namespace event_relay
