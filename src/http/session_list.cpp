#include "event_relay/http/session.hpp"

namespace event_relay::http {

std::list<session*>::iterator session_list::add(session& session) {
  ++counted_.connections_open;
  return sessions_.insert(sessions_.end(), &session);
}

void session_list::remove(std::list<session*>::iterator place) {
  --counted_.connections_open;
  sessions_.erase(place);
}

void session_list::expire(session::clock::time_point now) {
  for (auto* session : sessions_) session->expire(now);
}

void session_list::wind_down() {
  winding_down_ = true;
  for (auto* session : sessions_) session->close_if_idle();
}

void session_list::cut_all() noexcept {
  for (auto* session : sessions_) session->cut();
}

}  // namespace event_relay::http
