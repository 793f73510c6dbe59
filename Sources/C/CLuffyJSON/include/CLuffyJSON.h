// A C face on nlohmann-json: parse into a tree that stays on the C++ side, walk it by node; write by events.
#ifndef CLUFFYJSON_H
#define CLUFFYJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct luffyjson_document luffyjson_document;
typedef const void *luffyjson_node;

typedef enum {
  LUFFYJSON_NULL,
  LUFFYJSON_BOOL,
  LUFFYJSON_NUMBER,
  LUFFYJSON_STRING,
  LUFFYJSON_ARRAY,
  LUFFYJSON_OBJECT,
} luffyjson_kind;

/// Strict JSON in valid UTF-8 with nothing after it but white space; of equal keys the last counts. NULL on error, with the byte and a static text.
luffyjson_document *luffyjson_parse(const char *text, size_t length, size_t *error_offset,
                                    const char **error_text);
void luffyjson_free(luffyjson_document *document);
luffyjson_node luffyjson_root(const luffyjson_document *document);

luffyjson_kind luffyjson_kind_of(luffyjson_node node);
bool luffyjson_bool(luffyjson_node node);
double luffyjson_double(luffyjson_node node);
bool luffyjson_int64(luffyjson_node node, int64_t *value);   // false: not an integer of that range
bool luffyjson_uint64(luffyjson_node node, uint64_t *value); // false: not an integer of that range
const char *luffyjson_string(luffyjson_node node, size_t *length);
size_t luffyjson_count(luffyjson_node node); // elements or members; 0 for the rest
luffyjson_node luffyjson_element(luffyjson_node array, size_t index);
luffyjson_node luffyjson_member(luffyjson_node object, const char *key, size_t length); // NULL: absent
luffyjson_node luffyjson_member_at(luffyjson_node object, size_t index, const char **key,
                                   size_t *length);

typedef struct luffyjson_writer luffyjson_writer;
/// Whether a writer of this thread ran out of memory since the last question. Such a writer's text is NULL.
bool luffyjson_take_failure(void);
/// NULL without memory; every function takes it.
luffyjson_writer *luffyjson_writer_create(bool pretty);
void luffyjson_writer_free(luffyjson_writer *writer);
void luffyjson_write_null(luffyjson_writer *writer);
void luffyjson_write_bool(luffyjson_writer *writer, bool value);
void luffyjson_write_int64(luffyjson_writer *writer, int64_t value);
void luffyjson_write_double(luffyjson_writer *writer, double value); // not finite: null
void luffyjson_write_string(luffyjson_writer *writer, const char *text, size_t length);
void luffyjson_write_key(luffyjson_writer *writer, const char *text, size_t length);
void luffyjson_write_start_array(luffyjson_writer *writer);
void luffyjson_write_end_array(luffyjson_writer *writer);
void luffyjson_write_start_object(luffyjson_writer *writer);
void luffyjson_write_end_object(luffyjson_writer *writer);
/// False where the writer ran out of memory.
bool luffyjson_writer_is_whole(const luffyjson_writer *writer);
const char *luffyjson_writer_text(luffyjson_writer *writer, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
