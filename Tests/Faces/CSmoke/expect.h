/* Expectations of the C tests: the first that fails ends the program with its place. */
#ifndef EXPECT_H
#define EXPECT_H

#include <luffy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition)                                                              \
  do {                                                                                 \
    if (!(condition)) {                                                                \
      fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition);         \
      exit(1);                                                                         \
    }                                                                                  \
  } while (0)

#define EXPECT_STATUS(call, expected)                                                                        \
  do {                                                                                                       \
    luffy_status status_ = (call);                                                                           \
    if (status_ != (expected)) {                                                                             \
      fprintf(stderr, "%s:%d: %s: %s, expected %s: %s\n", __FILE__, __LINE__, #call,                         \
              luffy_status_string(status_), luffy_status_string(expected), luffy_last_error());              \
      exit(1);                                                                                               \
    }                                                                                                        \
  } while (0)

#define EXPECT_OK(call) EXPECT_STATUS(call, LUFFY_OK)

static const char *const smoke_model =
    "{\"model_type\": \"qwen2\", \"vocab_size\": 64, \"hidden_size\": 32, \"num_hidden_layers\": 2,"
    " \"num_attention_heads\": 4, \"num_key_value_heads\": 2, \"intermediate_size\": 48,"
    " \"max_position_embeddings\": 4096, \"tie_word_embeddings\": true, \"eos_token_id\": 63}";

#endif
