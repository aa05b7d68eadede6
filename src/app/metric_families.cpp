#include "app/metric_families.hpp"

#include <prometheus/text_serializer.h>

namespace event_relay {
namespace {

void add_value(prometheus::MetricFamily& family, double value, prometheus::ClientMetric metric = {}) {
  (family.type == prometheus::MetricType::Gauge ? metric.gauge.value : metric.counter.value) = value;
  family.metric.push_back(std::move(metric));
}

}  // namespace

void metric_families::labelled::add(std::string_view value_of_label, double value) {
  prometheus::ClientMetric metric;
  metric.label.push_back({std::string(label_), std::string(value_of_label)});
  add_value(family_, value, std::move(metric));
}

void metric_families::single(type type, std::string_view name, std::string_view help, double value) {
  add_value(family(type, name, help), value);
}

std::string metric_families::text() const {
  return prometheus::TextSerializer().Serialize(families_);
}

}  // namespace event_relay
