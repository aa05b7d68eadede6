// Follows an event stream with libcurl, comes back where it was after a lost connection, and prints a line of JSON for
// each event:
//   subscribe URL
#include <curl/curl.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>

namespace {

struct Event {
  std::string type = "message";
  std::string id;
  std::string data;
};

void print(const nlohmann::json& record) {
  std::cout << record.dump() << std::endl;
}

void on_event(const Event& event) {
  print({{"kind", "event"}, {"type", event.type}, {"id", event.id}, {"data", event.data}});
}

// The body of one connection after another. What is left of the last one when it breaks is no event.
class EventStream {
 public:
  const std::string& last_event_id() const { return last_event_id_; }
  std::chrono::milliseconds retry() const { return retry_; }

  void begin() {
    line_.clear();
    begin_event();
  }

  void take(std::string_view bytes) {
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
      line_ += bytes.substr(0, end);
      take_line(line_);
      line_.clear();
      bytes.remove_prefix(end + 1);
    }
    line_ += bytes;
  }

 private:
  void take_line(std::string_view line) {
    if (line.empty()) return dispatch();
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    auto value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "event") event_.type = value;
    if (name == "id") event_.id = value;
    if (name == "retry") retry_ = std::chrono::milliseconds{std::stol(std::string{value})};
    if (name == "data") {
      if (has_data_) event_.data += '\n';
      event_.data += value;
      has_data_ = true;
    }
  }

  void dispatch() {
    if (has_data_) on_event(event_);
    last_event_id_ = event_.id;  // only now: what is cut off has not been seen
    begin_event();
  }

  void begin_event() {
    event_ = Event{};
    event_.id = last_event_id_;
    has_data_ = false;
  }

  std::string line_;
  Event event_;
  bool has_data_ = false;
  std::string last_event_id_;
  std::chrono::milliseconds retry_{3000};
};

struct Connection {
  CURL* curl = nullptr;
  EventStream& stream;
  long status = 0;
};

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* given) {
  auto& connection = *static_cast<Connection*>(given);
  if (connection.status == 0) {
    curl_easy_getinfo(connection.curl, CURLINFO_RESPONSE_CODE, &connection.status);
    if (connection.status == 200) print({{"kind", "open"}});
  }
  if (connection.status == 200) connection.stream.take({bytes, size});
  return size;
}

// The status of the answer once it has ended, or 0 if there was none.
long read_once(const std::string& url, EventStream& stream) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};
  Connection connection{.curl = curl.get(), .stream = stream};
  stream.begin();
  const auto id = "Last-Event-ID: " + stream.last_event_id();  // without an id curl leaves it out
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers{curl_slist_append(nullptr, id.c_str()),
                                                                            curl_slist_free_all};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &connection);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);  // silent for three heartbeats: gone
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, 45L);
  curl_easy_perform(curl.get());
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &connection.status);
  return connection.status;
}

// Whether another attempt can end otherwise.
bool may_pass(long status) {
  return status < 400 || status == 429 || status >= 500;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: subscribe URL\n";
    return EXIT_FAILURE;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  EventStream stream;
  long status = 0;
  while ((status = read_once(arguments[1], stream)) != 204 && may_pass(status)) {
    print({{"kind", "error"}, {"closed", false}});
    std::this_thread::sleep_for(stream.retry());
  }
  print({{"kind", "error"}, {"closed", true}});
  return status == 204 ? EXIT_SUCCESS : EXIT_FAILURE;
}
