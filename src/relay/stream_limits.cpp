#include "event_relay/relay/stream_limits.hpp"

namespace event_relay {

class stream_limits::permit final : public stream_permit {
 public:
  permit(stream_limits& limits, std::unique_ptr<const std::string> address)
      : limits_(limits), address_(std::move(address)) {}
  ~permit() override { limits_.release(address_.get()); }

 private:
  stream_limits& limits_;
  const std::unique_ptr<const std::string> address_;  // null without a limit by address: every stream has a permit
};

result<std::unique_ptr<stream_permit>> stream_limits::admit(const std::string& address) {
  if (closed_) return errc::shutting_down;
  std::unique_ptr<const std::string> counted_address;
  const std::scoped_lock lock(mutex_);
  if (counted_.streams_open >= static_cast<std::int64_t>(options_.max_streams)) return errc::too_many_streams;
  if (options_.max_streams_per_address > 0) {
    counted_address = std::make_unique<const std::string>(address);
    auto& open = by_address_[address];
    if (open >= options_.max_streams_per_address) return errc::too_many_streams_from_address;
    ++open;
  }
  ++counted_.streams_open;
  return std::make_unique<permit>(*this, std::move(counted_address));
}

void stream_limits::release(const std::string* address) {
  const std::scoped_lock lock(mutex_);
  --counted_.streams_open;
  if (!address) return;
  const auto found = by_address_.find(*address);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

}  // namespace event_relay
