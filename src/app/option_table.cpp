#include "app/option_table.hpp"

#include "app/option_forms.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>

namespace event_relay {
namespace {

namespace po = boost::program_options;

std::string title(std::string_view room) {
  return room.empty() ? "The relay as a whole" : "Options of " + std::string{room};
}

char to_environment(char c) {
  if (c == '.') return '_';
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string without_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return std::string{text.substr(0, text.find_last_not_of(' ') + 1)};
}

}  // namespace

bool option_forms::list::read(std::vector<std::string>& value, std::string_view from) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; !from.empty() && begin <= from.size();) {
    const auto end = std::min(from.find(',', begin), from.size());
    items.push_back(without_spaces(from.substr(begin, end - begin)));
    if (items.back().empty()) return false;
    begin = end + 1;
  }
  value = std::move(items);
  return true;
}

std::string option_forms::list::write(const std::vector<std::string>& value) {
  std::string text;
  for (const auto& item : value) text.append(text.empty() ? "" : ",").append(item);
  return text;
}

const option_row* find_option(std::string_view name) {
  const auto rows = option_rows();
  const auto found =
      std::ranges::find_if(rows, [&](const auto& row) { return name == row.name || (!name.empty() && name == row.alias); });
  return found == rows.end() ? nullptr : &*found;
}

std::string_view room_of(const option_row& row) {
  const auto dot = row.name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : row.name.substr(0, dot);
}

std::string environment_name(std::string_view option) {
  std::string name{environment_prefix};
  std::ranges::transform(option, std::back_inserter(name), to_environment);
  return name;
}

po::options_description describe_options() {
  constexpr unsigned columns = 120;
  const config defaults;
  po::options_description all{columns, columns / 2};
  const auto rows = option_rows();
  for (auto row = rows.begin(); row != rows.end();) {
    const auto room = room_of(*row);
    po::options_description group{title(room), columns, columns / 2};
    for (; row != rows.end() && room_of(*row) == room; ++row) {
      auto* value = po::value<std::vector<std::string>>()->value_name(std::string{row->unit});
      const auto shown = row->write(defaults);
      value->default_value({}, shown.empty() ? "none" : shown);
      group.add_options()(std::string{row->name}.c_str(), value, std::string{row->help}.c_str());
      if (!row->alias.empty())
        group.add_options()(std::string{row->alias}.c_str(),
                            po::value<std::vector<std::string>>()->value_name(std::string{row->unit}),
                            ("the same as --" + std::string{row->name}).c_str());
    }
    all.add(group);
  }
  return all;
}

}  // namespace event_relay
