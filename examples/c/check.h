/* What the examples do with a failure: say what and stop. */
#ifndef CHECK_H
#define CHECK_H

#include <luffy.h>
#include <stdio.h>
#include <stdlib.h>

static inline void check(luffy_status status, const char *what) {
  if (status == LUFFY_OK) return;
  fprintf(stderr, "%s: %s: %s\n", what, luffy_status_string(status), luffy_last_error());
  exit(1);
}

#endif
