/* 02: text to token ids and back.
 *
 * usage: 02_tokenize [tokenizer.json | directory | model.gguf] [text]
 * Without a path it writes a byte-level tokenizer with three merges and uses that. */
#include <string.h>

#include "check.h"

static const char *const tiny =
    "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"c\": 2, \"\\u0120\": 3, \"ab\": 4, \"abc\": 5,"
    " \"\\u0120abc\": 6}, \"merges\": [\"a b\", \"ab c\", \"\\u0120 abc\"]},"
    " \"pre_tokenizer\": {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": true},"
    " \"decoder\": {\"type\": \"ByteLevel\"},"
    " \"added_tokens\": [{\"id\": 7, \"content\": \"<|endoftext|>\", \"special\": true}]}";

static const char *write_tiny(void) {
  static const char path[] = "tiny_tokenizer.json";
  FILE *file = fopen(path, "w");
  if (file == NULL || fputs(tiny, file) < 0 || fclose(file) != 0) {
    perror(path);
    exit(1);
  }
  return path;
}

int main(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : write_tiny();
  const char *text = argc > 2 ? argv[2] : "abc ab abc<|endoftext|>";
  luffy_tokenizer *tokenizer = NULL;
  int32_t *ids;
  char *back;
  size_t count = 0, length = 0, i;

  check(luffy_tokenizer_load(path, &tokenizer), "load");
  if (argc <= 1) remove(path);
  printf("%d ids, eos %d\n", (int)luffy_tokenizer_vocab_size(tokenizer), (int)luffy_tokenizer_eos_id(tokenizer));

  /* Ask for the size, then for the ids. */
  check(luffy_tokenizer_encode(tokenizer, text, LUFFY_NUL_TERMINATED, 0, NULL, 0, &count), "encode");
  ids = malloc((count + 1) * sizeof *ids);
  if (ids == NULL) return 1;
  check(luffy_tokenizer_encode(tokenizer, text, LUFFY_NUL_TERMINATED, 0, ids, count, &count), "encode");
  for (i = 0; i < count; i++) printf("%d ", (int)ids[i]);
  printf("\n");

  check(luffy_tokenizer_decode(tokenizer, ids, count, 0, NULL, 0, &length), "decode");
  back = malloc(length + 1);
  if (back == NULL) return 1;
  check(luffy_tokenizer_decode(tokenizer, ids, count, 0, back, length + 1, &length), "decode");
  printf("%s\n", back);
  if (strcmp(back, text) != 0) {
    fprintf(stderr, "the text did not come back\n");
    return 1;
  }
  free(back);
  free(ids);
  luffy_tokenizer_destroy(tokenizer);
  return 0;
}
