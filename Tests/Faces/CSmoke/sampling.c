/* Rollouts say how they were drawn, and a trainer takes them so; what cannot be meant is refused. */
#include "expect.h"
#include <stddef.h>

#define OWN 4

static const int32_t prompt[] = {4, 5, 6}, trace[] = {7, 8, 63};
static const size_t prompt_length = 3;

static luffy_trainer *made_trainer(const luffy_trainer_options *options) {
  luffy_model *model = NULL;
  luffy_trainer *trainer = NULL;
  EXPECT_OK(luffy_model_create(smoke_model, 1, NULL, &model));
  EXPECT_OK(luffy_trainer_create(model, NULL, options, NULL, &trainer));
  luffy_model_destroy(model);
  return trainer;
}

/* A group of what was written and a trace; the status of one step of a fresh model, and its ratio. */
static luffy_status step(luffy_rollout *members, size_t count, size_t size, double *ratio, double *left_out) {
  luffy_group group = LUFFY_GROUP_INIT;
  luffy_metrics *metrics = NULL;
  luffy_trainer *trainer = made_trainer(NULL);
  luffy_status status;
  size_t i;
  for (i = 0; i < count; i++) members[i].struct_size = (uint32_t)size;
  group.prompt_ids = prompt;
  group.prompt_length = prompt_length;
  group.rollouts = members;
  group.rollout_count = count;
  status = luffy_trainer_step(trainer, &group, 1, &metrics);
  if (status == LUFFY_OK) {
    EXPECT_OK(luffy_metrics_find(metrics, "actor/on_ratio_mean", ratio));
    EXPECT_OK(luffy_metrics_find(metrics, "batch/unrewarded_rollouts", left_out));
    luffy_metrics_destroy(metrics);
  }
  luffy_trainer_destroy(trainer);
  return status;
}

static void records(float temperature, float top_p, uint32_t top_k) {
  luffy_generate_options options = LUFFY_GENERATE_OPTIONS_INIT;
  luffy_rollout members[OWN + 1];
  luffy_rollouts *rollouts = NULL;
  luffy_model *model = NULL;
  luffy_sampling_record wrong = LUFFY_SAMPLING_RECORD_INIT;
  double ratio = 0, left_out = -1;
  size_t i;

  EXPECT_OK(luffy_model_create(smoke_model, 1, NULL, &model));
  options.n = OWN;
  options.max_new_tokens = 9;
  options.temperature = temperature;
  options.top_p = top_p;
  options.top_k = top_k;
  options.seed = luffy_fresh_seed();
  EXPECT_OK(luffy_model_generate(model, prompt, &prompt_length, 1, &options, &rollouts));
  luffy_model_destroy(model);
  for (i = 0; i < OWN; i++) {
    luffy_rollout_init(&members[i]);
    EXPECT_OK(luffy_rollouts_get(rollouts, i, &members[i]));
    EXPECT(members[i].sampling != NULL && members[i].sampling->temperature == temperature);
    EXPECT(members[i].sampling->top_p == top_p && members[i].sampling->top_k == top_k);
    EXPECT(members[i].sampling->seed == options.seed && members[i].sampling->max_new_tokens == 9);
    EXPECT(members[i].sampling->prompt == 0 && members[i].sampling->rollout == i);
    EXPECT((members[i].full_logprobs != NULL) == (temperature > 0 && (top_p < 1 || top_k > 0)));
    members[i].reward = (double)(i % 2);
  }
  luffy_rollout_init(&members[OWN]);
  members[OWN].source = LUFFY_SOURCE_OFF_POLICY;
  members[OWN].ids = trace;
  members[OWN].length = 3;
  members[OWN].reward = 1;
  EXPECT_OK(step(members, OWN + 1, sizeof(luffy_rollout), &ratio, &left_out));
  EXPECT(ratio == 1 && left_out == 0);

  /* NaN leaves one out; all of them are refused. */
  members[2].reward = 0.0 / 0.0;
  EXPECT_OK(step(members, OWN + 1, sizeof(luffy_rollout), &ratio, &left_out));
  EXPECT(ratio == 1 && left_out == 1);

  wrong.temperature = -1;
  members[0].sampling = &wrong;
  EXPECT_STATUS(step(members, OWN + 1, sizeof(luffy_rollout), &ratio, &left_out), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "group 0, rollout 0: sampling") != NULL);
  wrong = *members[1].sampling;
  wrong.temperature = 3;
  EXPECT_STATUS(step(members, OWN + 1, sizeof(luffy_rollout), &ratio, &left_out), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "temperatures") != NULL);
  members[OWN].ids = prompt;
  members[0].sampling = NULL;
  EXPECT_STATUS(step(members, OWN + 1, sizeof(luffy_rollout), &ratio, &left_out), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "prompt itself") != NULL || strstr(luffy_last_error(), "temperatures") != NULL);
  luffy_rollouts_destroy(rollouts);
}

/* A caller whose rollouts end before the record is served as before: at the trainer's temperature. */
static void older_callers(void) {
  struct older {
    luffy_rollout known;
  } members[2] = {{LUFFY_ROLLOUT_INIT}, {LUFFY_ROLLOUT_INIT}};
  char packed[2 * offsetof(luffy_rollout, full_logprobs)];
  luffy_group group = LUFFY_GROUP_INIT;
  luffy_trainer *trainer = made_trainer(NULL);
  size_t i;
  for (i = 0; i < 2; i++) {
    members[i].known.struct_size = offsetof(luffy_rollout, full_logprobs);
    members[i].known.ids = trace;
    members[i].known.length = 3;
    members[i].known.reward = (double)i;
    memcpy(packed + i * offsetof(luffy_rollout, full_logprobs), &members[i].known, offsetof(luffy_rollout, full_logprobs));
  }
  group.prompt_ids = prompt;
  group.prompt_length = prompt_length;
  group.rollouts = (const luffy_rollout *)(const void *)packed;
  group.rollout_count = 2;
  EXPECT_OK(luffy_trainer_step(trainer, &group, 1, NULL));
  luffy_trainer_destroy(trainer);
}

static void learning_rate(void) {
  luffy_trainer *trainer = made_trainer(NULL);
  double lr = 0;
  EXPECT_OK(luffy_trainer_lr(trainer, &lr));
  EXPECT(lr == 1e-6);
  EXPECT_OK(luffy_trainer_set_lr(trainer, 5e-5));
  EXPECT_STATUS(luffy_trainer_set_lr(trainer, -1), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_OK(luffy_trainer_lr(trainer, &lr));
  EXPECT(lr == 5e-5);
  EXPECT_STATUS(luffy_trainer_lr(NULL, &lr), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_trainer_lr(trainer, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_trainer_destroy(trainer);
}

static void references(void) {
  luffy_model *model = NULL, *same = NULL;
  luffy_objective *objective = NULL;
  luffy_trainer *trainer = NULL, *other = NULL;
  EXPECT_OK(luffy_model_create(smoke_model, 1, NULL, &model));
  EXPECT_OK(luffy_objective_create("luffy", &objective));
  EXPECT_OK(luffy_objective_set(objective, "kl_coefficient", "0.1"));
  EXPECT_STATUS(luffy_trainer_create(model, objective, NULL, NULL, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_trainer_create(model, objective, NULL, model, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "trained model itself") != NULL);
  /* Another handle on it is the same model. */
  EXPECT_OK(luffy_trainer_create(model, NULL, NULL, NULL, &trainer));
  EXPECT_OK(luffy_trainer_model(trainer, &same));
  EXPECT_STATUS(luffy_trainer_create(model, objective, NULL, same, &other), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_trainer_destroy(trainer);
  luffy_model_destroy(same);
  luffy_model_destroy(model);
  luffy_objective_destroy(objective);
}

static void positions(void) {
  static int32_t ids[4097];
  static float logprobs[4097];
  const size_t length = 4097;
  luffy_model_options options = LUFFY_MODEL_OPTIONS_INIT;
  luffy_generate_options sampling = LUFFY_GENERATE_OPTIONS_INIT;
  luffy_rollouts *rollouts = NULL;
  luffy_model *model = NULL;
  EXPECT_OK(luffy_model_create(smoke_model, 1, &options, &model));
  EXPECT(luffy_model_max_positions(model) == 4096 && luffy_model_max_positions(NULL) == 0);
  EXPECT_STATUS(luffy_model_score(model, ids, &length, 1, 1.0f, logprobs, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "max_position_embeddings (4096)") != NULL);
  sampling.max_new_tokens = 4094;
  EXPECT_STATUS(luffy_model_generate(model, prompt, &prompt_length, 1, &sampling, &rollouts),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "max_new_tokens 4093 at most") != NULL);
  luffy_model_destroy(model);
  options.allow_long_sequences = 1;
  EXPECT_OK(luffy_model_create(smoke_model, 1, &options, &model));
  EXPECT(luffy_model_max_positions(model) == 0);
  EXPECT_OK(luffy_model_score(model, ids, &length, 1, 1.0f, logprobs, NULL));
  luffy_model_destroy(model);
  options.allow_long_sequences = 2;
  EXPECT_STATUS(luffy_model_create(smoke_model, 1, &options, &model), LUFFY_ERROR_INVALID_ARGUMENT);
}

int main(void) {
  records(1, 1, 0);
  records(0.6f, 1, 0);
  records(1, 0.8f, 0);
  records(1.5f, 0.7f, 5);
  records(0, 0.5f, 3);
  older_callers();
  learning_rate();
  references();
  positions();
  EXPECT(luffy_fresh_seed() != luffy_fresh_seed());
  return 0;
}
