#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace event_relay::test {

/// An answer as it came, with a body of the declared length.
struct http_answer {
  int status = 0;
  std::string head;  ///< up to and with the empty line
  std::string body;

  /// The first value of this name; empty when there is none.
  std::string header(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// A client with a blocking socket on the loopback. Every call gives up after `patience` seconds and throws
/// std::runtime_error, as it does for every failure; a reset is one.
class http_client {
 public:
  static constexpr int patience = 10;

  explicit http_client(std::uint16_t port, int receive_buffer = 0);
  ~http_client();
  http_client(http_client&& other) noexcept;
  http_client& operator=(http_client&&) = delete;

  void send(std::string_view bytes);
  /// False when the other side has reset the connection meanwhile.
  bool try_send(std::string_view bytes);

  /// Bytes up to and with the next empty line.
  std::string read_head();
  /// `to_head`: the answer has no body, whatever it declares.
  http_answer read_answer(bool to_head = false);
  http_answer ask(std::string_view request);
  /// At least one byte, unless the other side has closed.
  std::string read_some();
  /// As many bytes as asked for.
  std::string read_exactly(std::size_t bytes);
  /// All that comes until the other side closes in good order.
  std::string read_to_end();
  /// Whether bytes came, or the end, within so many milliseconds.
  bool readable_within(int milliseconds);

  void finish_sending();
  void close();
  /// Closes so that the other side sees a reset.
  void reset();

 private:
  int socket_;
  std::string received_;  ///< and not yet given away
};

}  // namespace event_relay::test
