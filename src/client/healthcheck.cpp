#include "event_relay/client/healthcheck.hpp"

#include "event_relay/client/refusal.hpp"

#include <ostream>

namespace event_relay::client {
namespace {

constexpr std::chrono::milliseconds patience{5'000};

}  // namespace

int run_healthcheck(const healthcheck_options& options, std::ostream& out) {
  const auto& name = options.relay.shown();
  try {
    const auto response = exchange(options.relay.get(options.live ? "/healthz" : "/readyz"), patience);
    if (response.head.status == 200) {
      out << (options.live ? "alive: " : "ready: ") << name << '\n';
      return 0;
    }
    out << (options.live ? "not well: " : "not ready: ") << name << " answers " << read_refusal(response).text()
        << '\n';
  } catch (const transfer_failure& why) {
    out << "not reached: " << name << ": " << why.what() << '\n';
  }
  return 1;
}

}  // namespace event_relay::client
