/* Fuzzes tokenizer.json, its regular expressions among the rest. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_begin();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_write("tokenizer.json", data, size);
  fuzz_load_tokenizer(fuzz_path("tokenizer.json"));
  return 0;
}
