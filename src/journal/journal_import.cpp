#include "event_relay/journal/journal_transfer.hpp"

#include "journal/binary_array.hpp"
#include "journal/import_lines.hpp"
#include "journal/postgres_session.hpp"
#include "journal/schema.hpp"

#include <pqxx/binarystring>

#include <istream>
#include <vector>

namespace event_relay {
namespace {

constexpr std::size_t events_at_once = 500;
constexpr std::size_t bytes_at_once = 1024 * 1024;

/// The lines of the file, with their numbers in what is said about them.
class line_reader {
 public:
  explicit line_reader(std::istream& from) : from_(from) {}

  bool next() {
    if (!std::getline(from_, line_)) {
      if (from_.bad()) throw bad_import(number_ + 1, "cannot be read");
      return false;
    }
    ++number_;
    return true;
  }

  /// What the line is by this function.
  template <class Parse>
  auto parsed(const Parse& parse) const {
    try {
      return parse(line_);
    } catch (const std::runtime_error& why) {
      throw bad_import(number_, why.what());
    }
  }

  [[noreturn]] void refuse(const std::string& what) const { throw bad_import(number_, what); }
  std::uint64_t number() const noexcept { return number_; }

 private:
  std::istream& from_;
  std::string line_;
  std::uint64_t number_ = 0;
};

import_header read_header(line_reader& lines) {
  if (!lines.next()) throw bad_import(1, "the file is empty");
  return lines.parsed(parse_import_header);
}

pqxx::binarystring column(const std::vector<import_event>& events, std::string import_event::*member) {
  binary_array array{binary_array::text_oid, events.size()};
  for (const auto& event : events) {
    const bool may_lack = member == &import_event::type || member == &import_event::attributes;
    if (const auto& value = event.*member; value.empty() && may_lack)
      array.add_null();
    else
      array.add_text(value);
  }
  return pqxx::binarystring{array.bytes()};
}

class importer {
 public:
  importer(pqxx::work& transaction, std::size_t partition_events, line_reader& lines, const import_header& header)
      : transaction_(transaction), partition_events_(partition_events), lines_(lines), bounds_(header.bounds) {
    const auto begun =
        transaction_.exec_params1("SELECT event_relay.begin_import($1, $2)", bounds_.floor, header.epochs)[0]
            .as<bool>();
    if (!begun) throw journal_refused("the journal is not empty: events are only imported into one that never had any");
  }

  void read_all() {
    auto position = bounds_.floor;
    while (lines_.next()) add(++position);
    flush();
    if (position < bounds_.head)
      throw bad_import(lines_.number() + 1, "is missing: the file ends with event " + std::to_string(position) +
                                                ", its first line says " + std::to_string(bounds_.head));
  }

 private:
  void add(position_t expected) {
    auto event = lines_.parsed(parse_import_event);
    if (expected > bounds_.head)
      lines_.refuse("is one too many: the first line says that event " + std::to_string(bounds_.head) + " is the last");
    if (event.id.position != expected)
      lines_.refuse("is event " + std::to_string(event.id.position) + ", expected was " + std::to_string(expected));
    if (const auto epoch = bounds_.epoch_of(expected); event.id.epoch != epoch)
      lines_.refuse("is of epoch " + std::to_string(event.id.epoch) + ", by the first line it should be " +
                    std::to_string(epoch));
    bytes_ += event.data.size();
    waiting_.push_back(std::move(event));
    if (waiting_.size() >= events_at_once || bytes_ >= bytes_at_once) flush();
  }

  void flush() {
    if (waiting_.empty()) return;
    try {
      transaction_.exec_params("SELECT event_relay.import_events($1, $2, $3, $4, $5, $6)", partition_events_,
                               column(waiting_, &import_event::topic), column(waiting_, &import_event::time),
                               column(waiting_, &import_event::type), column(waiting_, &import_event::data),
                               column(waiting_, &import_event::attributes));
    } catch (const pqxx::data_exception& why) {
      // What only the database can tell, e.g. that no month has a day 31.
      const std::string_view text = why.what();
      lines_.refuse("or one of the " + std::to_string(waiting_.size() - 1) +
                    " before it was refused: " + std::string{text.substr(0, text.find('\n'))});
    }
    waiting_.clear();
    bytes_ = 0;
  }

  pqxx::work& transaction_;
  const std::size_t partition_events_;
  line_reader& lines_;
  const journal_bounds& bounds_;
  std::vector<import_event> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace

imported import_journal(const std::string& url, std::size_t partition_events, std::istream& from) {
  postgres_session session{url};
  require_current_schema(session);
  line_reader lines{from};
  const auto header = read_header(lines);
  imported done{header.bounds.head - header.bounds.floor, header.bounds};
  session.in_transaction([&](pqxx::work& transaction) {
    transaction.exec(postgres_session::without_time_limits);
    importer{transaction, partition_events, lines, header}.read_all();
    const auto row = transaction.exec1("SELECT epoch, first_position FROM event_relay.new_epoch('imported')");
    done.bounds.epochs.push_back({row[0].as<epoch_t>(), row[1].as<position_t>()});
    transaction.commit();
  });
  return done;
}

}  // namespace event_relay
