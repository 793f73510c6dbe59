/* What comes with a model: ids that end a rollout, a tokenizer's vocabulary and files, the type of saved weights. */
#include "expect.h"

/* 40 ids for a model of 64: 36 characters and four added tokens, the second of which ends a text. */
static void write_tokenizer(const char *path) {
  static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  static const char *const added[] = {"<|endoftext|>", "<|im_end|>", "<x>", "<y>"};
  FILE *file = fopen(path, "w");
  int index;
  EXPECT(file != NULL);
  fputs("{\"version\":\"1.0\",\"added_tokens\":[", file);
  for (index = 0; index < 4; index++) {
    fprintf(file, "%s{\"id\":%d,\"content\":\"%s\",\"special\":true,\"normalized\":false}", index ? "," : "", 36 + index,
            added[index]);
  }
  fputs("],\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true},"
        "\"decoder\":{\"type\":\"ByteLevel\"},\"model\":{\"type\":\"BPE\",\"merges\":[],\"vocab\":{", file);
  for (index = 0; index < 36; index++) fprintf(file, "%s\"%c\":%d", index ? "," : "", characters[index], index);
  fputs("}}}", file);
  EXPECT(fclose(file) == 0);
}

static void decoding(const luffy_tokenizer *tokenizer) {
  static const int32_t ids[] = {0, 60, 1};
  static const int32_t negative[] = {-1};
  char text[32];
  size_t length = 0, unknown = 99;
  EXPECT_OK(luffy_tokenizer_decode_checked(tokenizer, ids, 3, 0, text, sizeof text, &length, &unknown));
  EXPECT(unknown == 1 && length == 5 && strcmp(text, "a\xEF\xBF\xBD"
                                                     "b") == 0);
  EXPECT_OK(luffy_tokenizer_decode_checked(tokenizer, ids, 1, 0, text, sizeof text, &length, &unknown));
  EXPECT(unknown == 0 && length == 1);
  EXPECT_OK(luffy_tokenizer_decode_checked(tokenizer, ids, 3, 0, text, sizeof text, &length, NULL));
  EXPECT_OK(luffy_tokenizer_decode(tokenizer, ids, 3, 0, text, sizeof text, &length));
  EXPECT(length == 5);
  EXPECT_STATUS(luffy_tokenizer_decode(tokenizer, negative, 1, 0, text, sizeof text, &length),
                LUFFY_ERROR_INVALID_ARGUMENT);
}

static void stops(const luffy_model *model, int32_t first, int32_t second) {
  int32_t ids[4] = {0};
  size_t length = 0;
  EXPECT_OK(luffy_model_stop_ids(model, NULL, 0, &length));
  EXPECT(length == (second < 0 ? 1u : 2u));
  EXPECT_OK(luffy_model_stop_ids(model, ids, 4, &length));
  EXPECT(ids[0] == first && (second < 0 || ids[1] == second));
  EXPECT_STATUS(luffy_model_stop_ids(model, ids, 0, &length), LUFFY_ERROR_BUFFER_TOO_SMALL);
}

int main(void) {
  luffy_model *model = NULL, *saved = NULL;
  luffy_tokenizer *tokenizer = NULL;
  luffy_save_options save = LUFFY_SAVE_OPTIONS_INIT;
  luffy_model_options load = LUFFY_MODEL_OPTIONS_INIT;
  struct {
    uint32_t struct_size;
    int32_t dtype;
  } older = {8, LUFFY_DTYPE_FLOAT32}; /* a program from before limit_vocabulary */
  static const int32_t padding[] = {1, 50};
  const size_t two = 2;
  float logprobs[2];

  write_tokenizer("c-tokenizer.json");
  EXPECT_OK(luffy_tokenizer_load("c-tokenizer.json", &tokenizer));
  decoding(tokenizer);

  EXPECT_OK(luffy_model_create(smoke_model, 0, NULL, &model));
  EXPECT(luffy_model_token_count(model) == 64 && luffy_model_token_count(NULL) == 0);
  stops(model, 63, -1);
  EXPECT_OK(luffy_model_set_tokenizer(model, tokenizer));
  EXPECT(luffy_model_token_count(model) == 40);
  stops(model, 36, 63);
  EXPECT_STATUS(luffy_model_score(model, padding, &two, 1, 1.0f, logprobs, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "names no token") != NULL);
  EXPECT_OK(luffy_model_limit_vocabulary(model, 0));
  EXPECT(luffy_model_token_count(model) == 64);
  EXPECT_OK(luffy_model_score(model, padding, &two, 1, 1.0f, logprobs, NULL));
  EXPECT_OK(luffy_model_limit_vocabulary(model, 1));

  save.dtype = LUFFY_DTYPE_BFLOAT16;
  EXPECT_OK(luffy_model_save_with(model, "c-saved", &save));
  EXPECT_OK(luffy_model_load("c-saved", NULL, &saved));
  EXPECT(luffy_model_token_count(saved) == 40);
  luffy_model_destroy(saved);
  EXPECT_OK(luffy_model_load("c-saved", (const luffy_model_options *)(const void *)&older, &saved));
  EXPECT(luffy_model_token_count(saved) == 40);
  luffy_model_destroy(saved);
  load.limit_vocabulary = 0;
  EXPECT_OK(luffy_model_load("c-saved", &load, &saved));
  EXPECT(luffy_model_token_count(saved) == 64);
  stops(saved, 36, 63);

  EXPECT_OK(luffy_model_set_tokenizer(model, NULL));
  EXPECT(luffy_model_token_count(model) == 64);
  stops(model, 63, -1);
  save.tokenizer = tokenizer;
  EXPECT_OK(luffy_model_save_with(model, "c-saved", &save));
  save.dtype = 9;
  EXPECT_STATUS(luffy_model_save_with(model, "c-saved", &save), LUFFY_ERROR_UNSUPPORTED);
  save.dtype = LUFFY_DTYPE_FLOAT32;
  save.tokenizer = (const luffy_tokenizer *)(const void *)model;
  EXPECT_STATUS(luffy_model_save_with(model, "c-saved", &save), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_model_set_tokenizer(NULL, tokenizer), LUFFY_ERROR_INVALID_ARGUMENT);

  luffy_model_destroy(saved);
  luffy_model_destroy(model);
  luffy_tokenizer_destroy(tokenizer);
  puts("model files: stop ids, vocabulary, saved files");
  return 0;
}
