#include "CLuffyJSON.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

// Members in the text's order. The library's own ordered map looks for each new key among the old ones, which a
// vocabulary of 150,000 entries makes quadratic, and its keys are const, so that growing it copies every value, by
// recursion: a stack overflow where values nest deeply. A parsed member is always appended here, and growing moves.
template <class Key, class T, class, class>
struct MemberList : std::vector<std::pair<Key, T>> {
  using Base = std::vector<std::pair<Key, T>>;
  using key_type = Key;
  using mapped_type = T;
  using key_compare = std::equal_to<>;
  using Base::Base;

  T &operator[](const Key &key) {
    Base::emplace_back(key, T());
    return this->back().second;
  }

  std::pair<typename Base::iterator, bool> emplace(const Key &key, T value) {
    Base::emplace_back(key, std::move(value));
    return {std::prev(this->end()), true};
  }
};

using JSON = nlohmann::basic_json<MemberList>;

struct luffyjson_document {
  JSON tree;
};

// Builds a tree by events, so that the library's own serializer writes it.
struct luffyjson_writer {
  bool pretty;
  bool failed;
  JSON root;
  std::vector<JSON *> open;
  std::string key;
  std::string text;

  JSON *add(JSON value) {
    if (open.empty()) {
      root = std::move(value);
      return &root;
    }
    JSON &parent = *open.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    JSON &slot = parent[key];
    slot = std::move(value);
    return &slot;
  }
};

static const JSON *value(luffyjson_node node) { return static_cast<const JSON *>(node); }

// Of members with one key the last value counts, in the place of the first, as in Python.
static void keep_last_of_equal_keys(JSON::object_t &members) {
  std::unordered_map<std::string_view, size_t> places;
  bool repeats = false;
  for (size_t i = 0; i < members.size() && !repeats; ++i) {
    repeats = !places.emplace(members.at(i).first, i).second;
  }
  if (!repeats) return;
  places.clear();
  JSON::object_t kept;
  std::unordered_map<std::string, size_t> seen;
  for (auto &member : members) {
    const auto [place, isNew] = seen.emplace(member.first, kept.size());
    if (isNew) {
      kept.push_back(std::move(member));
    } else {
      kept.at(place->second).second = std::move(member.second);
    }
  }
  members = std::move(kept);
}

// Every object of the tree, without recursion: values may nest as deeply as the text is long.
static void keep_last_of_equal_keys(JSON &root) {
  std::vector<JSON *> open{&root};
  while (!open.empty()) {
    JSON &value = *open.back();
    open.pop_back();
    if (auto *members = value.get_ptr<JSON::object_t *>()) {
      if (members->size() > 1) keep_last_of_equal_keys(*members);
      for (auto &member : *members) {
        if (member.second.is_structured()) open.push_back(&member.second);
      }
    } else if (value.is_array()) {
      for (auto &element : value) {
        if (element.is_structured()) open.push_back(&element);
      }
    }
  }
}

luffyjson_document *luffyjson_parse(const char *text, size_t length, size_t *error_offset,
                                    const char **error_text) {
  *error_offset = 0;
  *error_text = "out of memory";
  try {
    auto document = std::make_unique<luffyjson_document>();
    document->tree = JSON::parse(text, text + length);
    keep_last_of_equal_keys(document->tree);
    return document.release();
  } catch (const JSON::parse_error &error) {
    *error_offset = error.byte > 0 ? error.byte - 1 : 0; // the library counts from 1
    if (*error_offset > length) *error_offset = length;
    *error_text = *error_offset == length ? "the text ends too early" : "not valid JSON";
  } catch (const JSON::out_of_range &) {
    *error_text = "a number is out of range";
  } catch (const std::exception &) {
  }
  return nullptr;
}

void luffyjson_free(luffyjson_document *document) { delete document; }
luffyjson_node luffyjson_root(const luffyjson_document *document) { return &document->tree; }

luffyjson_kind luffyjson_kind_of(luffyjson_node node) {
  switch (value(node)->type()) {
  case JSON::value_t::object: return LUFFYJSON_OBJECT;
  case JSON::value_t::array: return LUFFYJSON_ARRAY;
  case JSON::value_t::string: return LUFFYJSON_STRING;
  case JSON::value_t::boolean: return LUFFYJSON_BOOL;
  case JSON::value_t::number_integer:
  case JSON::value_t::number_unsigned:
  case JSON::value_t::number_float: return LUFFYJSON_NUMBER;
  default: return LUFFYJSON_NULL;
  }
}

bool luffyjson_bool(luffyjson_node node) {
  return value(node)->is_boolean() && value(node)->get<bool>();
}

double luffyjson_double(luffyjson_node node) {
  return value(node)->is_number() ? value(node)->get<double>() : 0;
}

bool luffyjson_int64(luffyjson_node node, int64_t *result) {
  const JSON *v = value(node);
  if (v->is_number_unsigned()) {
    const uint64_t number = v->get<uint64_t>();
    *result = static_cast<int64_t>(number);
    return number <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  }
  if (v->is_number_integer()) {
    *result = v->get<int64_t>();
    return true;
  }
  if (!v->is_number_float()) return false;
  const double number = v->get<double>(); // 1e6 is an integer too
  if (!(std::fabs(number) < 9007199254740992.0) || number != std::floor(number)) return false;
  *result = static_cast<int64_t>(number);
  return true;
}

bool luffyjson_uint64(luffyjson_node node, uint64_t *result) {
  if (!value(node)->is_number_unsigned()) return false;
  *result = value(node)->get<uint64_t>();
  return true;
}

const char *luffyjson_string(luffyjson_node node, size_t *length) {
  *length = 0;
  const auto *text = value(node)->get_ptr<const JSON::string_t *>();
  if (text == nullptr) return nullptr;
  *length = text->size();
  return text->data();
}

size_t luffyjson_count(luffyjson_node node) {
  return value(node)->is_structured() ? value(node)->size() : 0;
}

luffyjson_node luffyjson_element(luffyjson_node array, size_t index) {
  if (!value(array)->is_array() || index >= value(array)->size()) return nullptr;
  return &(*value(array))[index];
}

luffyjson_node luffyjson_member(luffyjson_node object, const char *key, size_t length) {
  const auto *members = value(object)->get_ptr<const JSON::object_t *>();
  if (members == nullptr) return nullptr;
  for (const auto &member : *members) {
    if (member.first.size() == length && member.first.compare(0, length, key, length) == 0) {
      return &member.second;
    }
  }
  return nullptr;
}

luffyjson_node luffyjson_member_at(luffyjson_node object, size_t index, const char **key,
                                   size_t *length) {
  const auto *members = value(object)->get_ptr<const JSON::object_t *>();
  if (members == nullptr || index >= members->size()) return nullptr;
  const auto &member = *(members->begin() + static_cast<std::ptrdiff_t>(index));
  *key = member.first.data();
  *length = member.first.size();
  return &member.second;
}

static thread_local bool failed = false;

bool luffyjson_take_failure(void) {
  const bool result = failed;
  failed = false;
  return result;
}

// Runs an event of a writer. Without memory nothing more is written, and nobody is given the text.
template <class Body> static void run(luffyjson_writer *w, Body body) {
  if (w == nullptr || w->failed) {
    failed = true;
    return;
  }
  try {
    body();
  } catch (const std::exception &) {
    w->failed = failed = true;
  }
}

luffyjson_writer *luffyjson_writer_create(bool pretty) {
  auto *w = new (std::nothrow) luffyjson_writer{pretty, false, nullptr, {}, {}, {}};
  if (w == nullptr) failed = true;
  return w;
}
void luffyjson_writer_free(luffyjson_writer *w) { delete w; }
void luffyjson_write_null(luffyjson_writer *w) {
  run(w, [&] { w->add(nullptr); });
}
void luffyjson_write_bool(luffyjson_writer *w, bool value) {
  run(w, [&] { w->add(value); });
}
void luffyjson_write_int64(luffyjson_writer *w, int64_t value) {
  run(w, [&] { w->add(value); });
}
void luffyjson_write_double(luffyjson_writer *w, double value) {
  run(w, [&] { w->add(value); });
}
void luffyjson_write_string(luffyjson_writer *w, const char *text, size_t length) {
  run(w, [&] { w->add(std::string(text, length)); });
}
void luffyjson_write_key(luffyjson_writer *w, const char *text, size_t length) {
  run(w, [&] { w->key.assign(text, length); });
}
void luffyjson_write_start_array(luffyjson_writer *w) {
  run(w, [&] { w->open.push_back(w->add(JSON::array())); });
}
void luffyjson_write_end_array(luffyjson_writer *w) {
  run(w, [&] { w->open.pop_back(); });
}
void luffyjson_write_start_object(luffyjson_writer *w) {
  run(w, [&] { w->open.push_back(w->add(JSON::object())); });
}
void luffyjson_write_end_object(luffyjson_writer *w) {
  run(w, [&] { w->open.pop_back(); });
}
bool luffyjson_writer_is_whole(const luffyjson_writer *w) { return w != nullptr && !w->failed; }
const char *luffyjson_writer_text(luffyjson_writer *w, size_t *length) {
  *length = 0;
  run(w, [&] {
    w->text = w->root.dump(w->pretty ? 2 : -1, ' ', false, JSON::error_handler_t::replace);
  });
  if (w == nullptr || w->failed) return nullptr;
  *length = w->text.size();
  return w->text.data();
}
