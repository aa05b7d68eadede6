#include "read_options.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace event_relay {
namespace {

using namespace std::chrono_literals;
using namespace testing_options;

class OptionsFile : public testing::Test {
 protected:
  OptionsFile() {
    std::string pattern = std::filesystem::temp_directory_path() / "options-test-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~OptionsFile() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& text) const {
    const auto path = folder_ / "relay.ini";
    std::ofstream{path} << text;
    return path;
  }
  std::string folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

TEST_F(OptionsFile, CommandLineBeatsEnvironmentBeatsFile) {
  const auto path = file("topics = f\nthreads = 1\n[http]\nport = 1\nthreads = 11\n[journal]\nreaders = 21\n");
  const words environment{"EVENT_RELAY_CONFIG=" + path, "EVENT_RELAY_HTTP_PORT=2", "EVENT_RELAY_HTTP_THREADS=12",
                          "EVENT_RELAY_TOPICS=e"};
  const auto c = accepted({"--http.port=3", "--topics=c"}, environment);
  EXPECT_EQ(c.http.port, 3);
  EXPECT_EQ(c.http.threads, 12U);
  EXPECT_EQ(c.journal.readers, 21U);
  EXPECT_EQ(c.threads, 1U);
  EXPECT_EQ(c.topics, words{"c"});
}

TEST_F(OptionsFile, CommandLineNamesTheFileBeforeTheEnvironment) {
  const auto path = file("[http]\nport = 1\n");
  EXPECT_EQ(accepted({"--config", path}, {"EVENT_RELAY_CONFIG=/nonexistent"}).http.port, 1);
}

TEST_F(OptionsFile, TakesCommentsSectionsAndFullNames) {
  const auto c =
      accepted({"--config", file("# all\r\nhttp.port = 7\r\n\r\n  [stream]  # streams\r\n retry = 1s # soon\n"
                                 "on_gap=live")});
  EXPECT_EQ(c.http.port, 7);
  EXPECT_EQ(c.stream.retry, 1s);
  EXPECT_EQ(c.stream.on_gap, gap_policy::live);
}

TEST_F(OptionsFile, TakesTheShorterNameOfTheJournal) {
  const auto result = read({"--config", file("journal = sqlite:events.db\n")});
  ASSERT_TRUE(std::holds_alternative<config>(result));
  EXPECT_EQ(std::get<config>(result).journal.url, "sqlite:events.db");
}

TEST_F(OptionsFile, ErrorsNameTheLine) {
  const auto path = file("[http]\n\nport = many\nprot = 1\n[]\nnonsense\n[http\nport = 2\n");
  const auto text = refusal({"--config", path});
  expect_contains(text, "http.port (" + path + " line 3): must be a number from 0 to 65535, is many\n");
  expect_contains(text, "http.prot (" + path + " line 4): there is no such option\n");
  expect_contains(text, path + " line 5: is neither");
  expect_contains(text, path + " line 6: is neither");
  expect_contains(text, path + " line 7: is neither");
  expect_contains(text, "http.port (" + path + " line 8): is given twice\n");
}

TEST_F(OptionsFile, MustBeReadable) {
  expect_contains(refusal({"--config", folder() + "/none.ini"}), "none.ini: No such file or directory\n");
  expect_contains(refusal({"--config", folder()}), folder() + ": Is a directory\n");
}

TEST_F(OptionsFile, DoesNotCutAUrlAtACommentSign) {
  const auto path = file("[journal]\nurl = postgresql://relay:ge#heim@db/relay\n");
  const auto text = refusal({"--config", path});
  expect_contains(text, "journal.url (" + path + " line 2): a # begins a comment in this file");
  EXPECT_EQ(text.find("heim"), std::string::npos);
}

TEST_F(OptionsFile, WhatIsWrittenIsReadBack) {
  config c;
  c.http.address = "::1";
  c.http.port = 1;
  c.http.max_header_bytes = 4'000;
  c.http.max_target_bytes = 300;
  c.http.cors_origins = {"https://a.example", "https://b.example:444"};
  c.journal.url = "host=/tmp dbname=relay";
  c.journal.page_bytes = 6;
  c.journal.migrate = false;
  c.journal.idempotency_window = 90s;
  c.stream.heartbeat = 1'234ms;
  c.stream.on_gap = gap_policy::fail;
  c.shutdown.deadline = 1h;
  c.log = {.level = "debug", .format = log_format::json};
  c.topics = {"x", "y"};
  c.threads = 7;
  const auto result = read({"--config", file(to_ini(c))});
  if (const auto* refused = std::get_if<early_exit>(&result)) FAIL() << refused->text;
  EXPECT_EQ(std::get<config>(result), c);
}

// Every member, also one that somebody forgets to put into the table: the lengths of both must agree.
TEST(Options, TheTableKnowsEveryMemberOfConfig) {
  std::ifstream header{EVENT_RELAY_SOURCE_DIR "/include/event_relay/core/config.hpp"};
  std::stringstream text;
  text << header.rdbuf();
  const auto source = text.str();
  const std::regex member{R"(\n  [a-z0-9:_<> ]+ (\w+)( =|\{|;).*///<)"};
  words members;
  for (std::sregex_iterator match{source.begin(), source.end(), member}, end; match != end; ++match)
    members.push_back((*match)[1]);
  words last_parts;
  for (const auto& [name, value] : effective_settings(config{})) last_parts.push_back(name.substr(name.rfind('.') + 1));
  std::erase(members, "key");
  std::erase(members, "text");
  std::ranges::sort(members);
  std::ranges::sort(last_parts);
  EXPECT_EQ(members, last_parts);
}

TEST(Options, TheExampleFileIsTheDefaults) {
  std::ifstream file{EVENT_RELAY_SOURCE_DIR "/config/event-relay.ini"};
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), to_ini(config{})) << "config/event-relay.ini must hold what to_ini() writes";
  EXPECT_EQ(accepted({"--config", EVENT_RELAY_SOURCE_DIR "/config/event-relay.ini"}), accepted({}));
}

}  // namespace
}  // namespace event_relay
