/* Fuzzes JSON Lines: problems, benchmarks, metrics and samples, as luffy-train reads them. */
#include "trainer.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_make_directory();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_write("data.jsonl", data, size);
  luffy_fuzz_json_lines(fuzz_path("data.jsonl"));
  return 0;
}
