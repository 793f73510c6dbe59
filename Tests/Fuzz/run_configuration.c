/* Fuzzes a run's configuration, as luffy-train reads it. */
#include "trainer.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_make_directory();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_write("config.yaml", data, size);
  luffy_fuzz_run_configuration(fuzz_path("config.yaml"));
  return 0;
}
