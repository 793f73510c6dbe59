/* Fuzzes a .gguf file: the model in it, and the tokenizer. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_begin();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_write("model.gguf", data, size);
  fuzz_load_model(fuzz_path("model.gguf"));
  fuzz_load_tokenizer(fuzz_path("model.gguf"));
  return 0;
}
