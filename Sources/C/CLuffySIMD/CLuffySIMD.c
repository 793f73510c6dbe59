#define _GNU_SOURCE
#include "CLuffySIMD.h"

#include <sched.h>
#include <unistd.h>

int luffy_core_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

#define SWIFT_CALL __attribute__((swiftcall))
typedef SWIFT_CALL void (*swift_loop)(ptrdiff_t part, ptrdiff_t first, ptrdiff_t end, __attribute__((swift_context)) void *);

// Both are declared in Swift, as functions of one closure: its two words are what arrives.
__attribute__((visibility("hidden"))) SWIFT_CALL luffy_loop_body luffy_take_loop_body(void *function, void *context) {
  return (luffy_loop_body){function, context};
}

void luffy_run_loop_body(luffy_loop_body body, ptrdiff_t part, ptrdiff_t first, ptrdiff_t end) {
  ((swift_loop)body.function)(part, first, end, body.context);
}

__attribute__((visibility("hidden"))) SWIFT_CALL void luffy_keep_loop_body(void *function, void *context) {
  (void)function, (void)context;
}
