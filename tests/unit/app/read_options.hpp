#pragma once

#include "event_relay/app/options.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

/// read_options() for tests: as much of a command line and an environment as a test is about.
namespace event_relay::testing_options {

using words = std::vector<std::string>;
using outcome = std::variant<config, early_exit>;

inline std::vector<const char*> null_terminated(const words& texts) {
  std::vector<const char*> pointers;
  for (const auto& text : texts) pointers.push_back(text.c_str());
  pointers.push_back(nullptr);
  return pointers;
}

inline outcome read(words arguments, const words& environment = {}) {
  arguments.insert(arguments.begin(), "event-relay");
  return read_options(null_terminated(arguments).data(), null_terminated(environment).data());
}

// With a journal, so that only what a test is about can be wrong.
inline config accepted(const words& arguments, words environment = {}) {
  environment.emplace_back("EVENT_RELAY_JOURNAL_URL=postgresql:///relay");
  const auto result = read(arguments, environment);
  if (const auto* refused = std::get_if<early_exit>(&result)) ADD_FAILURE() << refused->text;
  return std::holds_alternative<config>(result) ? std::get<config>(result) : config{};
}

inline std::string refusal(const words& arguments, words environment = {}) {
  environment.emplace_back("EVENT_RELAY_JOURNAL_URL=postgresql:///relay");
  const auto result = read(arguments, environment);
  const auto* refused = std::get_if<early_exit>(&result);
  if (refused == nullptr) return "was accepted";
  EXPECT_EQ(refused->code, 2);
  return refused->text;
}

inline void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "expected: " << part << "\nin: " << text;
}

}  // namespace event_relay::testing_options
