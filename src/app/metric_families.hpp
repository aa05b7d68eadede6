#pragma once

#include "event_relay/core/histogram.hpp"

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace event_relay {

/// Families of metrics in the order in which they are added, for one answer of /metrics.
class metric_families {
 public:
  using type = prometheus::MetricType;

  /// One of whose metrics have a label.
  class labelled {
   public:
    labelled(prometheus::MetricFamily& family, std::string_view label) : family_(family), label_(label) {}
    void add(std::string_view value_of_label, double value);

   private:
    prometheus::MetricFamily& family_;
    std::string_view label_;
  };

  template <class Number>
  void counter(std::string_view name, std::string_view help, const Number& value) {
    single(type::Counter, name, help, static_cast<double>(value));
  }
  template <class Number>
  void gauge(std::string_view name, std::string_view help, const Number& value) {
    single(type::Gauge, name, help, static_cast<double>(value));
  }
  /// The result is good until the next family is added.
  labelled by(std::string_view label, type type, std::string_view name, std::string_view help) {
    return {family(type, name, help), label};
  }
  /// `unit`: how many of the histogram's whole numbers make one of what the metric is in.
  template <const auto& Bounds>
  void distribution(std::string_view name, std::string_view help, const histogram<Bounds>& observed, double unit) {
    auto& made = family(type::Histogram, name, help).metric.emplace_back().histogram;
    for (std::size_t i = 0; i < Bounds.size(); ++i) {
      made.sample_count += observed.in_bucket(i);
      made.bucket.push_back({made.sample_count, static_cast<double>(Bounds[i]) / unit});
    }
    made.sample_count += observed.in_bucket(Bounds.size());
    made.sample_sum = static_cast<double>(observed.sum()) / unit;
  }

  /// In Prometheus' text format.
  std::string text() const;

 private:
  prometheus::MetricFamily& family(type type, std::string_view name, std::string_view help) {
    return families_.emplace_back(prometheus::MetricFamily{std::string(name), std::string(help), type, {}});
  }
  void single(type type, std::string_view name, std::string_view help, double value);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace event_relay
