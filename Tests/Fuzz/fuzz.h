/* What the fuzz targets share: a directory of this process in memory, and what every call must keep to. */
#ifndef LUFFY_FUZZ_H
#define LUFFY_FUZZ_H

#include <luffy.h>

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static inline void fuzz_fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, luffy_last_error());
  abort();
}

/* A status that the header names, and a text with every failure; an internal error is a fault of the library. */
static inline luffy_status fuzz_check(luffy_status status) {
  if (status < LUFFY_OK || status >= LUFFY_ERROR_INTERNAL) fuzz_fail("a status that no input may give");
  if (status != LUFFY_OK && luffy_last_error()[0] == 0) fuzz_fail("a failure without a text");
  return status;
}

static char fuzz_directory[64];

static inline const char *fuzz_path(const char *name) {
  static char path[2][160];
  static int turn;
  turn = !turn;
  snprintf(path[turn], sizeof path[turn], "%s/%s", fuzz_directory, name);
  return path[turn];
}

static inline void fuzz_write(const char *name, const void *bytes, size_t size) {
  const int file = open(fuzz_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const char *at = bytes;
  while (file >= 0 && size > 0) {
    const ssize_t written = write(file, at, size);
    if (written <= 0) break;
    at += written;
    size -= (size_t)written;
  }
  if (file < 0 || size > 0) {
    perror(name);
    exit(1);
  }
  close(file);
}

static inline void fuzz_cleanup(void) {
  static const char *const names[] = {"config.json", "generation_config.json", "model.safetensors",
                                      "model.safetensors.index.json", "a.safetensors", "b.safetensors",
                                      "model.gguf", "tokenizer.json", "arrays.bin", "manifest.json",
                                      "manifest.xxh64", "config.yaml", "data.jsonl"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) unlink(fuzz_path(names[i]));
  rmdir(fuzz_directory);
}

static inline void fuzz_make_directory(void) {
  const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  snprintf(fuzz_directory, sizeof fuzz_directory, "%s/luffy-fuzz-XXXXXX", base);
  if (mkdtemp(fuzz_directory) == NULL) {
    perror(fuzz_directory);
    exit(1);
  }
  atexit(fuzz_cleanup);
}

/* One thread, so that a process of the fuzzer is a process' worth of work. */
static inline void fuzz_begin(void) {
  fuzz_make_directory();
  if (luffy_set_threads(1) != LUFFY_OK) fuzz_fail("one thread");
}

/* The model that seeds belong to: tied, one layer, width 8, 16 tokens. */
static const char fuzz_config[] =
    "{\"model_type\": \"qwen2\", \"architectures\": [\"Qwen2ForCausalLM\"], \"vocab_size\": 16, \"hidden_size\": 8,"
    " \"intermediate_size\": 8, \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"num_key_value_heads\": 1,"
    " \"head_dim\": 4, \"max_position_embeddings\": 64, \"rms_norm_eps\": 1e-6, \"rope_theta\": 10000.0,"
    " \"hidden_act\": \"silu\", \"tie_word_embeddings\": true, \"eos_token_id\": 2}";

/* Writes that model's files into the directory. */
static inline void fuzz_model_files(void) {
  luffy_model *model = NULL;
  if (luffy_model_create(fuzz_config, 1, NULL, &model) != LUFFY_OK ||
      luffy_model_save(model, fuzz_directory) != LUFFY_OK) {
    fuzz_fail("the model of the seeds");
  }
  luffy_model_destroy(model);
}

/* Scores, generates and goes backward: what was loaded must also run. */
static inline void fuzz_use_model(luffy_model *model) {
  const int32_t ids[4] = {1, 2, 3, 4};
  const size_t length = 4;
  float logprobs[4], entropies[4];
  fuzz_check(luffy_model_score(model, ids, &length, 1, 1.0f, logprobs, entropies));
  luffy_generate_options options = LUFFY_GENERATE_OPTIONS_INIT;
  options.max_new_tokens = 3;
  luffy_rollouts *rollouts = NULL;
  fuzz_check(luffy_model_generate(model, ids, &length, 1, &options, &rollouts));
  luffy_rollouts_destroy(rollouts);
}

/* Loads a model from a path, and uses it where that succeeds. */
static inline void fuzz_load_model(const char *path) {
  luffy_model *model = NULL;
  const luffy_status status = fuzz_check(luffy_model_load(path, NULL, &model));
  if ((status == LUFFY_OK) != (model != NULL)) fuzz_fail("an out-parameter that does not fit the status");
  if (model != NULL) fuzz_use_model(model);
  luffy_model_destroy(model);
}

/* Loads a tokenizer from a path, and takes a text there and back. */
static inline void fuzz_load_tokenizer(const char *path) {
  static const char text[] = "ab abc <|end|>  \n 12 it's \xc3\xa9\xff";
  luffy_tokenizer *tokenizer = NULL;
  if (fuzz_check(luffy_tokenizer_load(path, &tokenizer)) != LUFFY_OK) return;
  int32_t ids[128];
  size_t count = 0;
  if (fuzz_check(luffy_tokenizer_encode(tokenizer, text, sizeof text - 1, 1, ids, 128, &count)) == LUFFY_OK) {
    char back[1024];
    size_t length = 0;
    fuzz_check(luffy_tokenizer_decode(tokenizer, ids, count, 0, back, sizeof back, &length));
  }
  (void)luffy_tokenizer_eos_id(tokenizer);
  luffy_tokenizer_destroy(tokenizer);
}

#endif
