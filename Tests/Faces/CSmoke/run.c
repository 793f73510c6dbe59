/* Runs through C: what is refused and how, groups and rewards, cancel, a second handle on one directory. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "expect.h"

/* No checkpoint is made, so that the next run may take the directory. */
static const char *const tiny =
    "{\"output\": \"cancelled\", \"warmup_steps\": 2, \"steps\": 3, \"prompts\": 2, \"group\": 3, \"held_out\": 2,"
    " \"max_new_tokens\": 48, \"threads\": 1}";

static void refusals(void) {
  luffy_run *run = NULL;
  char text[16];
  size_t length = 0;
  int32_t event = 0;
  EXPECT_STATUS(luffy_run_open(NULL, &run), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_open("{", &run), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_open("[]", &run), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "expected an object") != NULL);
  EXPECT_STATUS(luffy_run_open("{\"stepz\": 3}", &run), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "did you mean steps?") != NULL);
  EXPECT_STATUS(luffy_run_open("{\"steps\": -1}", &run), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_open("{\"resume\": \"nowhere\"}", &run), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_open("{\"model\": \"nowhere\", \"data\": \"none\"}", &run), LUFFY_ERROR_NOT_FOUND);
  EXPECT_STATUS(luffy_run_next(NULL, &event), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_configuration("{}", text, sizeof text, &length), LUFFY_ERROR_BUFFER_TOO_SMALL);
  EXPECT(length > 100 && luffy_run_group_count(NULL) == 0 && run == NULL);
  EXPECT_STATUS(luffy_report("nowhere", NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_run_destroy(NULL);
  luffy_run_cancel(NULL);
}

static void groups(luffy_run *run) {
  const double rewards[] = {1, 0, 0.5};
  const double infinite[] = {1, 1.0 / 0.0, 0};
  luffy_rollout rollout = LUFFY_ROLLOUT_INIT;
  const char *json = NULL;
  EXPECT(luffy_run_group_count(run) == 2 && luffy_run_rollout_count(run, 1) == 3);
  EXPECT(luffy_run_rollout_count(run, 2) == 0);
  EXPECT_OK(luffy_run_rollout(run, 1, 2, &rollout));
  EXPECT(rollout.source == LUFFY_SOURCE_OFF_POLICY && rollout.reward == 1 && rollout.logprobs == NULL);
  EXPECT_OK(luffy_run_rollout(run, 1, 0, &rollout));
  EXPECT(rollout.source == LUFFY_SOURCE_ON_POLICY && rollout.length > 0 && rollout.logprobs != NULL);
  EXPECT_STATUS(luffy_run_rollout(run, 1, 3, &rollout), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_rollout(run, 2, 0, &rollout), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_OK(luffy_run_problem(run, 0, &json));
  EXPECT(strstr(json, "\"responses\":[") != NULL && strstr(json, "\"columns\":{}") != NULL);
  EXPECT_STATUS(luffy_run_problem(run, 2, &json), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_set_rewards(run, 0, rewards, 2), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_set_rewards(run, 0, infinite, 3), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_OK(luffy_run_set_rewards(run, 0, rewards, 3));
  EXPECT_OK(luffy_run_rollout(run, 0, 2, &rollout));
  EXPECT(rollout.reward == 0.5);
}

static void *cancel_later(void *run) {
  const struct timespec wait = {0, 2000000};
  nanosleep(&wait, NULL);
  luffy_run_cancel(run);
  return NULL;
}

/* A run that is cancelled again and again makes the same events as one that is not. */
static void cancelled(void) {
  luffy_run *run = NULL, *second = NULL;
  luffy_metrics *metrics = NULL;
  int32_t event = 0;
  int events = 0, stops = 0;
  EXPECT_OK(luffy_run_open(tiny, &run));
  EXPECT_STATUS(luffy_run_open(tiny, &second), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_run_metrics(run, &metrics), LUFFY_ERROR_NOT_FOUND);
  while (event != LUFFY_RUN_DONE) {
    pthread_t thread;
    luffy_status status;
    const int cancels = stops < 40;
    if (cancels) EXPECT(pthread_create(&thread, NULL, cancel_later, run) == 0);
    status = luffy_run_next(run, &event);
    if (cancels) EXPECT(pthread_join(thread, NULL) == 0);
    if (status == LUFFY_ERROR_CANCELLED) {
      stops++;
      continue;
    }
    EXPECT_OK(status);
    events++;
    if (event == LUFFY_RUN_GROUPS) groups(run);
    if (event == LUFFY_RUN_STEP) {
      EXPECT_OK(luffy_run_metrics(run, &metrics));
      EXPECT(luffy_metrics_count(metrics) > 10);
      luffy_metrics_destroy(metrics);
    }
  }
  /* Before, 5 steps, 3 of which have groups, after, done. */
  EXPECT(events == 1 + 5 + 3 + 1 + 1);
  EXPECT_OK(luffy_run_next(run, &event));
  EXPECT(event == LUFFY_RUN_DONE);
  luffy_run_destroy(run);
  printf("%d calls were cancelled\n", stops);
}

int main(void) {
  refusals();
  cancelled();
  return 0;
}
