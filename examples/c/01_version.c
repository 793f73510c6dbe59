/* 01: which library runs, and on what. */
#include <luffy.h>
#include <stdio.h>

int main(void) {
  luffy_memory_stats_t memory = LUFFY_MEMORY_STATS_INIT;

  if (luffy_abi_version() != LUFFY_ABI_VERSION) {
    fprintf(stderr, "built for ABI %d, running on %d\n", LUFFY_ABI_VERSION, (int)luffy_abi_version());
    return 1;
  }
  printf("luffy %s\n%s\n", luffy_version_string(), luffy_build_info());

  /* Every call that can fail returns a status; the text of the last failure is this thread's. */
  if (luffy_set_threads(-1) != LUFFY_OK) printf("as expected: %s\n", luffy_last_error());

  if (luffy_memory_stats(&memory) != LUFFY_OK) {
    fprintf(stderr, "%s\n", luffy_last_error());
    return 1;
  }
  printf("live %llu bytes, peak %llu\n", (unsigned long long)memory.live_bytes,
         (unsigned long long)memory.peak_bytes);
  return 0;
}
