#include "app/option_sources.hpp"
#include "app/option_table.hpp"
#include "event_relay/core/log_line.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace event_relay {
namespace {

namespace po = boost::program_options;

// Boost's parser knows no line numbers; given one line at a time, below the section it stands in, it needs none.
class ini_reader {
 public:
  explicit ini_reader(std::string path) : path_{std::move(path)} {}

  void line(std::string text) {
    ++number_;
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string::npos || text[begin] == '#') return;
    try {
      if (text[begin] == '[')
        section(text.substr(begin));
      else
        for (const auto& option : parse(section_ + "\n" + text)) add(option, text);
    } catch (const po::error&) {
      given_.problems.push_back(origin() + ": is neither [section] nor name = value nor a # comment");
    }
  }

  given_options result() && { return std::move(given_); }

 private:
  static std::vector<po::option> parse(const std::string& text) {
    static const po::options_description any_name;
    std::istringstream stream{text};
    return po::parse_config_file(stream, any_name, true).options;
  }

  void section(std::string header) {
    // Boost reads before the start of the empty name.
    if (header.starts_with("[]")) throw po::invalid_config_file_syntax{header, po::invalid_syntax::unrecognized_line};
    parse(header);
    section_ = std::move(header);
  }

  void add(const po::option& option, const std::string& line) {
    const auto* row = find_option(option.string_key);
    if (row == nullptr) {
      given_.problems.push_back(log::quoted(option.string_key) + " (" + origin() + "): there is no such option");
    } else if (row->without_secret && line.find('#') != std::string::npos) {
      // It would be cut there, and the half password would fail far away from its cause.
      given_.problems.push_back(option.string_key + " (" + origin() +
                                "): a # begins a comment in this file; write %23 "
                                "in the URL, or set " +
                                environment_name(row->name));
    } else {
      given_.add({option.string_key, option.value.empty() ? "" : option.value.front(), origin()});
    }
  }

  std::string origin() const { return path_ + " line " + std::to_string(number_); }

  std::string path_;
  std::size_t number_ = 0;
  std::string section_;
  given_options given_;
};

}  // namespace

given_options read_file(const std::string& path) {
  ini_reader reader{log::quoted(path)};
  errno = 0;
  std::ifstream file{path};
  std::string line;
  while (std::getline(file, line)) reader.line(line);
  auto given = std::move(reader).result();
  // A folder can be opened and only fails to be read.
  if (!file.is_open() || file.bad() || !file.eof())
    given.problems.push_back("config: cannot read " + log::quoted(path) + ": " + std::strerror(errno));
  return given;
}

}  // namespace event_relay
