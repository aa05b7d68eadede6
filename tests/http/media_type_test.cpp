#include "event_relay/http/media_type.hpp"

#include <gtest/gtest.h>

namespace event_relay::http {
namespace {

TEST(MediaType, NoneAndTheJsonFamilyAreJson) {
  for (const auto* type : {"", "application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json ;charset=\"UTF-8\"", "application/ld+JSON",
                           "application/json;profile=x; Charset=us-ascii"})
    EXPECT_EQ(data_kind_of(type), data_kind::json) << type;
}

TEST(MediaType, AnyTextIsText) {
  for (const auto* type : {"text/plain", "TEXT/csv", "text/plain;charset=utf-8", "text/html; charset=US-ASCII"})
    EXPECT_EQ(data_kind_of(type), data_kind::text) << type;
}

TEST(MediaType, LinesOfJsonAreABatch) {
  for (const auto* type : {"application/x-ndjson", "application/ndjson", "APPLICATION/JSONL", "application/x-ndjson; charset=utf-8"})
    EXPECT_EQ(data_kind_of(type), data_kind::lines_of_json) << type;
  EXPECT_EQ(data_kind_of("application/x-ndjson; charset=latin1"), data_kind::unsupported);
}

TEST(MediaType, WhatAStreamCannotCarryIsRefused) {
  for (const auto* type : {"application/octet-stream", "image/png", "application/xml", "image/svg+json", "json",
                           "application/jsonx", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"})
    EXPECT_EQ(data_kind_of(type), data_kind::unsupported) << type;
}

TEST(MediaType, AnotherCharsetIsRefused) {
  for (const auto* type : {"text/plain; charset=iso-8859-1", "application/json;charset=utf-16",
                           "text/plain; CHARSET=\"latin1\"", "text/plain; charset=utf-8x", "text/plain; charset="})
    EXPECT_EQ(data_kind_of(type), data_kind::unsupported) << type;
}

}  // namespace
}  // namespace event_relay::http
