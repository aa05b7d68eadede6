#include "event_relay/http/accept.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace event_relay::http {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts off what comes before the separator and returns it.
std::string_view next_part(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

/// RFC 9110 12.4.2: at most three digits behind the point. What is no weight counts as the highest.
int thousandths(std::string_view weight) {
  if (weight.empty() || (weight[0] != '0' && weight[0] != '1')) return 1'000;
  int value = weight[0] == '1' ? 1'000 : 0;
  for (std::size_t i = 2, unit = 100; i < weight.size() && i < 5 && weight[1] == '.'; ++i, unit /= 10)
    if (weight[i] >= '0' && weight[i] <= '9') value += static_cast<int>(unit) * (weight[i] - '0');
  return std::min(value, 1'000);
}

/// 0: does not fit; 1: */*; 2: type/*; 3: type/subtype.
int specificity(std::string_view range, std::string_view type, std::string_view subtype) {
  const auto range_type = next_part(range, '/');
  if (range_type == "*" && range == "*") return 1;
  if (!boost::beast::iequals(range_type, type)) return 0;
  if (range == "*") return 2;
  return boost::beast::iequals(range, subtype) ? 3 : 0;
}

}  // namespace

int weight_in(std::string_view accept, std::string_view type, std::string_view subtype) {
  if (trimmed(accept).empty()) return 1'000;
  int best = 0;
  int wanted = 0;
  while (!accept.empty()) {
    auto item = next_part(accept, ',');
    const auto fit = specificity(next_part(item, ';'), type, subtype);
    int weight = 1'000;
    while (!item.empty()) {
      auto parameter = next_part(item, ';');
      if (boost::beast::iequals(next_part(parameter, '='), "q")) weight = thousandths(trimmed(parameter));
    }
    if (fit > best) {
      best = fit;
      wanted = weight;
    }
  }
  return wanted;
}

}  // namespace event_relay::http
