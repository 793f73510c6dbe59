/* Handles that outlive each other, state that is saved and loaded, and memory that goes back. */
#define _POSIX_C_SOURCE 200809L
#include "expect.h"

static const int32_t prompt[] = {4, 5, 6}, answer[] = {7, 8, 63}, other[] = {9, 63};

/* One LUFFY step on a trace and a wrong rollout; the loss. */
static double step(luffy_trainer *trainer) {
  luffy_rollout members[2] = {LUFFY_ROLLOUT_INIT, LUFFY_ROLLOUT_INIT};
  luffy_group group = LUFFY_GROUP_INIT;
  luffy_metrics *metrics = NULL;
  double loss = 0;

  members[0].ids = other;
  members[0].length = 2;
  members[0].reward = 0;
  members[1].source = LUFFY_SOURCE_OFF_POLICY;
  members[1].ids = answer;
  members[1].length = 3;
  members[1].reward = 1;
  group.prompt_ids = prompt;
  group.prompt_length = 3;
  group.rollouts = members;
  group.rollout_count = 2;
  EXPECT_OK(luffy_trainer_step(trainer, &group, 1, &metrics));
  EXPECT_OK(luffy_metrics_find(metrics, "actor/loss", &loss));
  EXPECT_STATUS(luffy_metrics_find(metrics, "no/such", &loss), LUFFY_ERROR_NOT_FOUND);
  EXPECT(luffy_metrics_count(metrics) > 5 && luffy_metrics_json(metrics)[0] == '{');
  luffy_metrics_destroy(metrics);
  return loss;
}

static void refusals(luffy_trainer *trainer) {
  luffy_rollout member = LUFFY_ROLLOUT_INIT;
  luffy_group group = LUFFY_GROUP_INIT;

  EXPECT_STATUS(luffy_trainer_step(trainer, &group, 1, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_trainer_step(trainer, NULL, 0, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  group.prompt_ids = prompt;
  group.prompt_length = 3;
  group.rollouts = &member;
  group.rollout_count = 1;
  member.ids = answer;
  member.length = 3;
  EXPECT_STATUS(luffy_trainer_step(trainer, &group, 1, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "reward") != NULL);
  member.source = 17;
  EXPECT_STATUS(luffy_trainer_step(trainer, &group, 1, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(luffy_trainer_steps(trainer) == 0);
}

static void outlive(void) {
  char directory[] = "luffy_state_XXXXXX", path[64], state[8];
  luffy_trainer_options options = LUFFY_TRAINER_OPTIONS_INIT;
  luffy_trainer *trainer = NULL, *resumed = NULL;
  luffy_model *model = NULL, *same = NULL;
  size_t length = 0;
  double expected;
  float a[32], b[32];

  EXPECT_OK(luffy_model_create(smoke_model, 1, NULL, &model));
  options.lr = 1e-3;
  options.max_grad_norm = -1;
  EXPECT_STATUS(luffy_trainer_create(model, NULL, &options, NULL, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  options.max_grad_norm = 0; /* never */
  EXPECT_OK(luffy_trainer_create(model, NULL, &options, NULL, &trainer));
  luffy_model_destroy(model); /* the trainer keeps it alive */
  refusals(trainer);
  step(trainer);
  EXPECT(luffy_trainer_steps(trainer) == 1);
  EXPECT_OK(luffy_trainer_set_user_state(trainer, "row 17", 6));

  EXPECT(mkdtemp(directory) != NULL);
  snprintf(path, sizeof path, "%s/state", directory);
  EXPECT_OK(luffy_trainer_save(trainer, path));
  EXPECT_OK(luffy_trainer_load(path, NULL, &resumed));
  EXPECT_OK(luffy_trainer_user_state(resumed, state, sizeof state, &length));
  EXPECT(length == 6 && memcmp(state, "row 17", 6) == 0);
  EXPECT(luffy_trainer_steps(resumed) == 1);

  /* The next step has the same bits. */
  expected = step(trainer);
  EXPECT(step(resumed) == expected);
  EXPECT_OK(luffy_trainer_model(trainer, &model));
  EXPECT_OK(luffy_trainer_model(resumed, &same));
  luffy_trainer_destroy(trainer);
  luffy_trainer_destroy(resumed);
  EXPECT_OK(luffy_model_parameter(model, "model.norm.weight", a, 32));
  EXPECT_OK(luffy_model_parameter(same, "model.norm.weight", b, 32));
  EXPECT(memcmp(a, b, sizeof a) == 0);
  luffy_model_destroy(model);
  luffy_model_destroy(same);
  EXPECT_STATUS(luffy_trainer_load(directory, NULL, &resumed), LUFFY_ERROR_NOT_FOUND);
}

int main(void) {
  luffy_memory_stats_t before = LUFFY_MEMORY_STATS_INIT, after = LUFFY_MEMORY_STATS_INIT;

  EXPECT_OK(luffy_memory_stats(&before));
  outlive();
  EXPECT_OK(luffy_memory_stats(&after));
  EXPECT(after.peak_bytes > before.live_bytes);
  EXPECT(after.live_bytes == before.live_bytes && after.mapped_bytes == before.mapped_bytes);
  return 0;
}
