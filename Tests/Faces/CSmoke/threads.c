/* Two threads on one model: readers share it, a writer excludes, a cancelled call says so and changes nothing. A fork,
   which has no worker threads, goes on with threads of its own. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

enum { TOKENS = 4000 };

static luffy_model *model;
static int32_t ids[TOKENS];
static float logprobs[TOKENS], zeros[TOKENS];
static const size_t length = TOKENS;
static volatile int running;
static luffy_status outcome;

static void *backward(void *unused) {
  (void)unused;
  running = 1;
  outcome = luffy_model_backward(model, ids, &length, 1, 1.0f, zeros, NULL);
  running = 0;
  return NULL;
}

static void *fail(void *unused) {
  (void)unused;
  EXPECT(luffy_last_error()[0] == '\0'); /* the other threads' failures are theirs */
  EXPECT_STATUS(luffy_model_load("/nonexistent/other", NULL, &model), LUFFY_ERROR_NOT_FOUND);
  return NULL;
}

/* In a child: the same scores as the parent's. */
static int scores_again(void) {
  static float again[TOKENS];
  if (luffy_model_score(model, ids, &length, 1, 1.0f, again, NULL) != LUFFY_OK) return 1;
  return memcmp(again, logprobs, sizeof again) == 0 ? 0 : 2;
}

static void pause_ms(long milliseconds) {
  struct timespec time;
  time.tv_sec = 0;
  time.tv_nsec = milliseconds * 1000000;
  nanosleep(&time, NULL);
}

int main(void) {
  pthread_t thread;
  int seen_busy = 0, seen_cancelled = 0, attempt;
  float before[32], after[32];

  EXPECT_OK(luffy_model_create(smoke_model, 0, NULL, &model));
  for (attempt = 0; attempt < TOKENS; attempt++) ids[attempt] = attempt % 63;

  EXPECT_STATUS(luffy_model_load("/nonexistent", NULL, &model), LUFFY_ERROR_NOT_FOUND);
  EXPECT(pthread_create(&thread, NULL, fail, NULL) == 0);
  pthread_join(thread, NULL);
  EXPECT(strstr(luffy_last_error(), "/nonexistent/other") == NULL);

  EXPECT_OK(luffy_model_parameter(model, "model.norm.weight", before, 32));
  for (attempt = 0; attempt < 50 && !(seen_busy && seen_cancelled); attempt++) {
    EXPECT(pthread_create(&thread, NULL, backward, NULL) == 0);
    while (!running) pause_ms(1);
    pause_ms(2);
    {
      luffy_status status = luffy_model_score(model, ids, &length, 1, 1.0f, logprobs, NULL);
      EXPECT(status == LUFFY_OK || status == LUFFY_ERROR_BUSY);
      seen_busy |= status == LUFFY_ERROR_BUSY;
    }
    if (attempt % 2 == 0) luffy_model_cancel(model);
    else luffy_cancel();
    pthread_join(thread, NULL);
    EXPECT(outcome == LUFFY_OK || outcome == LUFFY_ERROR_CANCELLED);
    seen_cancelled |= outcome == LUFFY_ERROR_CANCELLED;
  }
  EXPECT(seen_busy && seen_cancelled);

  /* Afterwards the model works, and is what it was. */
  EXPECT_OK(luffy_model_score(model, ids, &length, 1, 1.0f, logprobs, NULL));
  EXPECT_OK(luffy_model_parameter(model, "model.norm.weight", after, 32));
  EXPECT(memcmp(before, after, sizeof before) == 0);

  {
    int result = -1;
    pid_t child = fork();
    if (child == 0) _exit(scores_again());
    EXPECT(child > 0 && waitpid(child, &result, 0) == child);
    EXPECT(WIFEXITED(result) && WEXITSTATUS(result) == 0);
  }
  EXPECT(scores_again() == 0);
  luffy_model_destroy(model);
  return 0;
}
