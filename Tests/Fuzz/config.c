/* Fuzzes config.json: a model of it is loaded, planned and, where it is small, created. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_begin();
  fuzz_model_files();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_write("config.json", data, size);
  fuzz_load_model(fuzz_directory);
  /* A plan measures the machine, which takes a thousand times what the rest takes. */
  if (size % 16 != 0) return 0;
  luffy_workload workload = LUFFY_WORKLOAD_INIT;
  workload.prompts = 1;
  luffy_plan_t plan = LUFFY_PLAN_INIT;
  fuzz_check(luffy_plan(fuzz_directory, &workload, NULL, &plan));
  return 0;
}
