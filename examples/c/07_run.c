/* 07: a whole training run: the built-in task, stopped half way, gone on with, drawn as a page. */
#include <string.h>
#include <time.h>

#include "check.h"

/* Keys of docs/run-directory.md. */
static const char *const begin =
    "{\"output\": \"%s\", \"warmup_steps\": 20, \"steps\": 8, \"prompts\": 2, \"group\": 4, \"held_out\": 8,"
    " \"max_new_tokens\": 16, \"allow_cut_traces\": true, \"caller_rewards\": true}";

/* A reward of our own beside the verifier's: a short response is worth a tenth more. */
static void reward(luffy_run *run, size_t group) {
  const size_t count = luffy_run_rollout_count(run, group);
  double rewards[64];
  size_t i;
  for (i = 0; i < count && i < 64; i++) {
    luffy_rollout rollout = LUFFY_ROLLOUT_INIT;
    check(luffy_run_rollout(run, group, i, &rollout), "rollout");
    rewards[i] = rollout.reward + (rollout.length < 12 ? 0.1 : 0);
  }
  check(luffy_run_set_rewards(run, group, rewards, count), "rewards");
}

/* Until `steps` are done, or to the end. */
static int drive(luffy_run *run, int steps) {
  int done = 0;
  int32_t event = 0;
  while (event != LUFFY_RUN_DONE && done != steps) {
    size_t group;
    luffy_metrics *metrics = NULL;
    double loss = 0;
    check(luffy_run_next(run, &event), "next");
    switch (event) {
      case LUFFY_RUN_GROUPS:
        for (group = 0; group < luffy_run_group_count(run); group++) reward(run, group);
        break;
      case LUFFY_RUN_STEP:
        done++;
        check(luffy_run_metrics(run, &metrics), "metrics");
        check(luffy_metrics_find(metrics, "actor/loss", &loss), "loss");
        luffy_metrics_destroy(metrics);
        if (done % 10 == 0) printf("step %d: loss %.3f\n", done, loss);
        break;
      default: break;
    }
  }
  return done;
}

int main(void) {
  char directory[32], configuration[512];
  luffy_run *run = NULL;
  luffy_model *model = NULL;
  const char *status = NULL;
  int32_t saved = 0;
  int done, is_done;

  /* A run is never written over: each start has a directory of its own. */
  snprintf(directory, sizeof directory, "run-%ld", (long)time(NULL));
  snprintf(configuration, sizeof configuration, begin, directory);
  check(luffy_run_open(configuration, &run), "open");
  done = drive(run, 24);
  check(luffy_run_checkpoint(run, &saved), "checkpoint");
  luffy_run_destroy(run);

  /* Another process, another day, luffy-train or Python could do this as well. */
  snprintf(configuration, sizeof configuration, "{\"resume\": \"%s\"}", directory);
  check(luffy_run_open(configuration, &run), "resume");
  done += drive(run, -1);
  check(luffy_run_status(run, &status), "status");
  printf("%d steps: %s\n", done, status);
  is_done = strstr(status, "\"done\":true") != NULL;
  check(luffy_run_model(run, &model), "model");
  printf("%lu parameters\n", (unsigned long)luffy_model_parameter_count(model));
  luffy_model_destroy(model);
  luffy_run_destroy(run);

  check(luffy_report(directory, NULL), "report");
  return done == 28 && saved == 1 && is_done ? 0 : 1;
}
