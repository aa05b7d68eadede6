#pragma once

#include "event_relay/http/request_reader.hpp"

#include <boost/asio/buffer.hpp>

#include <ostream>
#include <string>
#include <string_view>
#include <variant>

namespace event_relay::test {

/// What became of one request.
struct reading {
  errc refused{};          ///< none: it was read
  bool complete = false;
  std::string target;
  std::string body;
  bool keep_alive = false;

  friend bool operator==(const reading&, const reading&) = default;
  friend std::ostream& operator<<(std::ostream& out, const reading& read) {
    return out << "{refused " << (read.refused == errc{} ? "no" : name_of(read.refused)) << ", complete "
               << read.complete << ", target " << read.target << ", body '" << read.body << "', keep-alive "
               << read.keep_alive << '}';
  }
};

/// A request_reader fed by hand, as the session does it: it asks after every delivery.
class reader_feed {
 public:
  explicit reader_feed(const http_config& options, std::size_t most_body = 1024)
      : reader_(options), most_body_(most_body) {
    begin();
  }

  /// The next request; what has arrived of it counts.
  void begin() {
    reader_.begin();
    header_done_ = false;
    now_ = {};
    look();
  }

  void deliver(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto copied = boost::asio::buffer_copy(reader_.prepare(), boost::asio::buffer(bytes));
      reader_.received(copied);
      bytes.remove_prefix(copied);
      look();
    }
  }

  const reading& now() const noexcept { return now_; }
  http::request_reader& reader() noexcept { return reader_; }

 private:
  void look() {
    if (now_.complete || now_.refused != errc{}) return;
    if (!header_done_) {
      if (!take(reader_.read_header())) return;
      header_done_ = true;
      now_.target = std::string(reader_.header().target());
    }
    if (!take(reader_.read_body(most_body_))) return;
    now_.complete = true;
    now_.body = reader_.take_body();
    now_.keep_alive = reader_.keep_alive();
  }
  bool take(const std::variant<bool, http::problem>& outcome) {
    if (const auto* wrong = std::get_if<http::problem>(&outcome)) {
      now_.refused = wrong->code;
      return false;
    }
    return std::get<bool>(outcome);
  }

  http::request_reader reader_;
  std::size_t most_body_;
  bool header_done_ = false;
  reading now_;
};

}  // namespace event_relay::test
