/* Fuzzes luffy_verify through the C API: the text before the first NUL is the reference, the rest the response.
 * `make fuzz` builds the library with coverage instrumentation and runs this. */
#include <luffy.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Far beyond what a call may take, so that only a runaway counts on a busy machine. */
static const double limit_seconds = 0.5;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const uint8_t *end = memchr(data, 0, size);
  const size_t split = end == NULL ? size / 2 : (size_t)(end - data);
  const size_t start = end == NULL ? split : split + 1;
  luffy_verify_options options = LUFFY_VERIFY_OPTIONS_INIT;
  options.reference_verbatim = size > 0 ? data[0] & 1 : 0;
  luffy_verdict verdict = LUFFY_VERDICT_INIT;
  char extracted[256];
  const double began = now();
  const luffy_status status =
      luffy_verify((const char *)data, split, (const char *)data + start, size - start, &options,
                   &verdict, extracted, sizeof extracted);
  if (now() - began > limit_seconds) {
    fprintf(stderr, "one verdict took %.3f s\n", now() - began);
    abort();
  }
  if (status != LUFFY_OK && status != LUFFY_ERROR_BUFFER_TOO_SMALL) {
    fprintf(stderr, "status %d: %s\n", (int)status, luffy_last_error());
    abort();
  }
  return 0;
}
