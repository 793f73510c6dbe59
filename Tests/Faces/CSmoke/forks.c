/* What a fork's child may do: everything, on every thread, but with a handle that another thread of the parent was using. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

enum { TOKENS = 12, WORKERS = 4, FORKS = 40, CALLS = 200 };

static const int32_t ids[TOKENS] = {5, 9, 4, 2, 7, 3, 6, 8, 10, 11, 12, 13};
static const size_t length = TOKENS;
static float expected[TOKENS];
static luffy_model *model, *busy_model;
static luffy_trainer *busy_trainer;
static volatile int stop;

static luffy_status step(luffy_trainer *trainer) {
  luffy_rollout rollouts[2];
  luffy_group group = LUFFY_GROUP_INIT;
  int index;
  for (index = 0; index < 2; index++) {
    luffy_rollout_init(rollouts + index);
    rollouts[index].ids = ids + index;
    rollouts[index].length = 4;
    rollouts[index].reward = index;
  }
  group.prompt_ids = ids;
  group.prompt_length = 3;
  group.rollouts = rollouts;
  group.rollout_count = 2;
  return luffy_trainer_step(trainer, &group, 1, NULL);
}

static int scores(luffy_model *of) {
  float logprobs[TOKENS];
  if (luffy_model_score(of, ids, &length, 1, 1.0f, logprobs, NULL) != LUFFY_OK) return 0;
  return memcmp(logprobs, expected, sizeof expected) == 0;
}

/* In the parent: steps and changes of the number of threads, one after another, for as long as it lives. */
static void *work(void *unused) {
  int count = 1;
  (void)unused;
  while (!stop) {
    step(busy_trainer);
    luffy_set_threads(1 + count++ % 3);
  }
  return NULL;
}

static void *score_often(void *failed) {
  int call;
  for (call = 0; call < CALLS; call++)
    if (!scores(model)) *(volatile int *)failed = 1;
  return NULL;
}

/* Several threads of the child at once, the one that forked among them. */
static int child_works(void) {
  pthread_t threads[WORKERS];
  volatile int failed = 0;
  luffy_model *own = NULL;
  luffy_trainer *trainer = NULL;
  int index;
  if (luffy_set_threads(2) != LUFFY_OK) return 1;
  for (index = 0; index < WORKERS; index++)
    if (pthread_create(threads + index, NULL, score_often, (void *)&failed) != 0) return 2;
  score_often((void *)&failed);
  for (index = 0; index < WORKERS; index++) pthread_join(threads[index], NULL);
  if (failed) return 3;
  if (luffy_model_create(smoke_model, 3, NULL, &own) != LUFFY_OK || !scores(own)) return 4;
  if (luffy_trainer_create(own, NULL, NULL, NULL, &trainer) != LUFFY_OK || step(trainer) != LUFFY_OK) return 5;
  luffy_trainer_destroy(trainer);
  luffy_model_destroy(own);
  return 0;
}

/* Refused for good, unless the parent's thread was between two steps. Returns 100 where it was refused. */
static int child_is_refused(void) {
  luffy_status status = step(busy_trainer);
  if (status == LUFFY_OK) return 0;
  if (status != LUFFY_ERROR_INVALID_ARGUMENT) return 10 + status;
  if (strstr(luffy_last_error(), "forked") == NULL) return 30;
  return 100;
}

static int in_child(int (*body)(void)) {
  int result = -1;
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    _exit(body());
  }
  EXPECT(child > 0 && waitpid(child, &result, 0) == child);
  if (!WIFEXITED(result)) fprintf(stderr, "the child ended by signal %d\n", WTERMSIG(result));
  EXPECT(WIFEXITED(result));
  return WEXITSTATUS(result);
}

int main(void) {
  pthread_t thread;
  int attempt, refused = 0;
  EXPECT_OK(luffy_model_create(smoke_model, 3, NULL, &model));
  EXPECT_OK(luffy_model_create(smoke_model, 4, NULL, &busy_model));
  EXPECT_OK(luffy_trainer_create(busy_model, NULL, NULL, NULL, &busy_trainer));
  EXPECT_OK(luffy_model_score(model, ids, &length, 1, 1.0f, expected, NULL));
  /* A fork while another thread makes the first call of its kind may hang the child: docs/reliability.md. */
  EXPECT_OK(step(busy_trainer));
  EXPECT(in_child(child_works) == 0);

  EXPECT(pthread_create(&thread, NULL, work, NULL) == 0);
  for (attempt = 0; attempt < FORKS; attempt++) {
    struct timespec pause;
    int code;
    pause.tv_sec = 0;
    pause.tv_nsec = 500000 + attempt * 37000 % 900000;
    nanosleep(&pause, NULL);
    code = in_child(attempt % 4 == 0 ? child_works : child_is_refused);
    if (code != 0 && code != 100) fprintf(stderr, "fork %d: %d\n", attempt, code);
    EXPECT(code == 0 || code == 100);
    refused += code == 100;
  }
  stop = 1;
  pthread_join(thread, NULL);
  EXPECT(refused > 0);
  /* The parent noticed nothing. */
  EXPECT(scores(model));
  EXPECT_OK(step(busy_trainer));
  luffy_trainer_destroy(busy_trainer);
  luffy_model_destroy(busy_model);
  luffy_model_destroy(model);
  return 0;
}
