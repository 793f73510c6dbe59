/* Fuzzes model.safetensors.index.json beside two shards that are in order. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_begin();
  fuzz_model_files();
  if (rename(fuzz_path("model.safetensors"), fuzz_path("a.safetensors")) != 0) exit(1);
  static const char empty[] = "\x02\0\0\0\0\0\0\0{}";
  fuzz_write("b.safetensors", empty, 10);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_write("model.safetensors.index.json", data, size);
  fuzz_load_model(fuzz_directory);
  return 0;
}
