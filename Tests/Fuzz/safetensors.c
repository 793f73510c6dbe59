/* Fuzzes model.safetensors: eight bytes of length, a JSON header, the data. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_begin();
  fuzz_model_files();
  return 0;
}

/* Half of the inputs get the length that belongs to their header, which chance would rarely find. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size + 1);
  if (copy == NULL) return 0;
  memcpy(copy, data, size);
  if (size > 10 && (data[size - 1] & 1)) {
    uint64_t length = 0;
    int depth = 0;
    for (size_t i = 8; i < size && length == 0; i++) {
      if (copy[i] == '{') depth++;
      if (copy[i] == '}' && --depth == 0) length = i + 1 - 8;
    }
    if (length != 0) memcpy(copy, &length, 8);
  }
  fuzz_write("model.safetensors", copy, size);
  free(copy);
  fuzz_load_model(fuzz_directory);
  return 0;
}
