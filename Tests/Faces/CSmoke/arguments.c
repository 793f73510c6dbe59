/* What a careless caller passes: NULLs, foreign pointers, wrong sizes and numbers. Statuses and texts, never a crash. */
#include "expect.h"

static void nulls(void) {
  int32_t id = 0;
  size_t length = 7;
  luffy_model *model = NULL;
  char text[4];

  luffy_model_destroy(NULL);
  luffy_tokenizer_destroy(NULL);
  luffy_rollouts_destroy(NULL);
  luffy_objective_destroy(NULL);
  luffy_metrics_destroy(NULL);
  luffy_trainer_destroy(NULL);
  luffy_model_cancel(NULL);
  luffy_trainer_cancel(NULL);
  luffy_cancel();
  EXPECT_STATUS(luffy_tokenizer_load(NULL, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_tokenizer_encode(NULL, "a", 1, 0, &id, 1, &length), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "luffy_tokenizer") != NULL);
  EXPECT_STATUS(luffy_model_load(NULL, NULL, &model), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_model_load("/nonexistent", NULL, &model), LUFFY_ERROR_NOT_FOUND);
  EXPECT(model == NULL && strstr(luffy_last_error(), "/nonexistent") != NULL);
  EXPECT_STATUS(luffy_model_create("{}", 0, NULL, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_model_create("{", 0, NULL, &model), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_model_create("[1]", 0, NULL, &model), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_memory_stats(NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_plan("/nonexistent", NULL, NULL, NULL), LUFFY_ERROR_NOT_FOUND);
  EXPECT_STATUS(luffy_plan(NULL, NULL, NULL, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_render_prompt("chatml", NULL, NULL, text, 4, &length), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_render_prompt("nosuch", NULL, "q", text, 4, &length), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_verify(NULL, 3, "a", 1, NULL, NULL, NULL, 0), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_set_threads(100000), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(luffy_tokenizer_vocab_size(NULL) == 0 && luffy_tokenizer_eos_id(NULL) == -1);
  EXPECT(luffy_model_config(NULL) == NULL && luffy_metrics_json(NULL) == NULL);
  EXPECT(luffy_metrics_name(NULL, 0) == NULL && luffy_rollouts_count(NULL) == 0);
  EXPECT(strcmp(luffy_status_string(LUFFY_ERROR_BUSY), "LUFFY_ERROR_BUSY") == 0);
  EXPECT(strcmp(luffy_status_string(-5), "unknown status") == 0);
}

static void foreign_pointers(void) {
  char memory[256] = "not a handle";
  luffy_objective *objective = NULL;

  EXPECT_STATUS(luffy_model_zero_gradients((luffy_model *)(void *)(memory + 8)), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_OK(luffy_objective_create(NULL, &objective));
  EXPECT_STATUS(luffy_model_zero_gradients((luffy_model *)(void *)objective), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_model_destroy((luffy_model *)(void *)objective); /* not a model: left alone */
  EXPECT_OK(luffy_objective_set(objective, "clip_low", "0.2"));
  luffy_objective_destroy(objective);
}

static void buffers(void) {
  char text[16];
  size_t length = 0;

  EXPECT_OK(luffy_render_prompt("raw", NULL, "question", NULL, 0, &length));
  EXPECT(length == 8);
  memset(text, 'x', sizeof text);
  EXPECT_STATUS(luffy_render_prompt("raw", NULL, "question", text, 8, &length), LUFFY_ERROR_BUFFER_TOO_SMALL);
  EXPECT(length == 8 && text[0] == 'x');
  EXPECT_OK(luffy_render_prompt("raw", NULL, "question", text, 9, &length));
  EXPECT(strcmp(text, "question") == 0);
}

static void model_arguments(void) {
  luffy_model *model = NULL;
  luffy_parameter parameter = LUFFY_PARAMETER_INIT;
  luffy_generate_options options = LUFFY_GENERATE_OPTIONS_INIT;
  luffy_rollouts *rollouts = NULL;
  static const int32_t ids[] = {1, 2, 64}, good[] = {1, 2, 3};
  size_t length = 3, empty = 0, huge[2] = {(size_t)1 << 63, (size_t)1 << 63};
  float values[3] = {0, 0, 0};

  EXPECT_OK(luffy_model_create(smoke_model, 0, NULL, &model));
  EXPECT_STATUS(luffy_model_score(model, ids, &length, 1, 1.0f, values, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "64") != NULL);
  EXPECT_STATUS(luffy_model_score(model, good, &empty, 1, 1.0f, values, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_model_score(model, good, huge, 2, 1.0f, values, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_model_score(model, good, &length, 1, 0.0f, values, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_OK(luffy_model_score(model, NULL, NULL, 0, 1.0f, NULL, NULL));
  EXPECT_STATUS(luffy_model_parameter_info(model, 9999, &parameter), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_OK(luffy_model_parameter_info(model, 0, &parameter));
  EXPECT(parameter.count == 64 * 32 && parameter.rank == 2 && parameter.shape[1] == 32 && parameter.shape[2] == 1);
  EXPECT_STATUS(luffy_model_parameter(model, parameter.name, values, 3), LUFFY_ERROR_SHAPE);
  EXPECT_STATUS(luffy_model_parameter(model, "no.such", values, 3), LUFFY_ERROR_NOT_FOUND);
  options.n = 0;
  EXPECT_STATUS(luffy_model_generate(model, good, &length, 1, &options, &rollouts), LUFFY_ERROR_INVALID_ARGUMENT);
  options.n = 1;
  options.top_p = 0.0f / 1.0f;
  EXPECT_STATUS(luffy_model_generate(model, good, &length, 1, &options, &rollouts), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(rollouts == NULL);
  luffy_model_destroy(model);
}

/* Fields that a caller forgot to set, or set to what no version means. */
static void fields(void) {
  static const int32_t prompt[] = {5, 9, 4}, response[] = {3, 4, 1}, unknown[] = {3, 4, 99};
  luffy_model *model = NULL;
  luffy_trainer *trainer = NULL;
  luffy_rollouts *rollouts = NULL;
  luffy_trainer_options trainer_options = LUFFY_TRAINER_OPTIONS_INIT;
  luffy_generate_options generate = LUFFY_GENERATE_OPTIONS_INIT;
  luffy_verify_options verify = LUFFY_VERIFY_OPTIONS_INIT;
  luffy_verdict verdict = LUFFY_VERDICT_INIT;
  luffy_rollout members[2];
  luffy_group groups[2];
  const size_t length = 3;
  int index;

  EXPECT_OK(luffy_model_create(smoke_model, 0, NULL, &model));
  trainer_options.reserved = 1;
  EXPECT_STATUS(luffy_trainer_create(model, NULL, &trainer_options, NULL, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "reserved is 1, expected 0") != NULL);
  trainer_options.reserved = 0;
  trainer_options.share_prompts = 2;
  EXPECT_STATUS(luffy_trainer_create(model, NULL, &trainer_options, NULL, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  trainer_options.share_prompts = 1;
  trainer_options.lr = 1e300;
  EXPECT_STATUS(luffy_trainer_create(model, NULL, &trainer_options, NULL, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  trainer_options.lr = 1e-3;
  trainer_options.eps = 1e-60;
  EXPECT_STATUS(luffy_trainer_create(model, NULL, &trainer_options, NULL, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  trainer_options.eps = 1e-8;
  trainer_options.updates_per_step = 1 << 21;
  EXPECT_STATUS(luffy_trainer_create(model, NULL, &trainer_options, NULL, &trainer), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "expected 1 to 1048576") != NULL);
  trainer_options.updates_per_step = 1;
  EXPECT_OK(luffy_trainer_create(model, NULL, &trainer_options, NULL, &trainer));

  for (index = 0; index < 2; index++) {
    luffy_rollout_init(members + index);
    members[index].ids = response;
    members[index].length = 3;
    members[index].reward = index;
    luffy_group_init(groups + index);
    groups[index].prompt_ids = prompt;
    groups[index].prompt_length = 3;
    groups[index].rollouts = members;
    groups[index].rollout_count = 2;
  }
  groups[1].reserved = 7;
  EXPECT_STATUS(luffy_trainer_step(trainer, groups, 2, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "group 1: reserved is 7") != NULL);
  groups[1].reserved = 0;
  members[1].reserved = 1;
  EXPECT_STATUS(luffy_trainer_step(trainer, groups, 2, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  members[1].reserved = 0;
  members[1].ids = unknown;
  EXPECT_STATUS(luffy_trainer_step(trainer, groups, 2, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "group 0, rollout 1, token 2: id 99") != NULL);
  members[1].ids = response;
  EXPECT_OK(luffy_trainer_step(trainer, groups, 2, NULL));

  generate.stop_id_count = 1;
  EXPECT_STATUS(luffy_model_generate(model, prompt, &length, 1, &generate, &rollouts), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "stop_ids is NULL and its count is 1") != NULL);
  generate.stop_id_count = 0;
  generate.temperature = 1e-45f;
  EXPECT_STATUS(luffy_model_generate(model, prompt, &length, 1, &generate, &rollouts), LUFFY_ERROR_INVALID_ARGUMENT);
  verify.latex = 2;
  EXPECT_STATUS(luffy_verify("1", 1, "1", 1, &verify, &verdict, NULL, 0), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_trainer_destroy(trainer);
  luffy_model_destroy(model);
}

static void objective_rows(void) {
  luffy_objective *objective = NULL;
  luffy_row row = LUFFY_ROW_INIT;
  double logprobs[2] = {-1, 5}, entropies[2] = {1, -1}, loss = 7, penalty = 1;
  uint8_t mask[2] = {1, 3};
  row.length = 2;
  row.reward = 1;
  row.logprobs = logprobs;
  EXPECT_OK(luffy_objective_create("on_policy", &objective));
  EXPECT_STATUS(luffy_objective_evaluate(objective, &row, 1, 0, &loss, NULL, NULL, NULL, NULL),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "row 0: token 1: log-prob is 5.0") != NULL && loss == 7);
  logprobs[1] = -5;
  row.entropies = entropies;
  EXPECT_STATUS(luffy_objective_evaluate(objective, &row, 1, 0, &loss, NULL, NULL, NULL, NULL),
                LUFFY_ERROR_INVALID_ARGUMENT);
  entropies[1] = 1;
  row.response_mask = mask;
  EXPECT_STATUS(luffy_objective_evaluate(objective, &row, 1, 0, &loss, NULL, NULL, NULL, NULL),
                LUFFY_ERROR_INVALID_ARGUMENT);
  mask[1] = 1;
  EXPECT_OK(luffy_objective_evaluate(objective, &row, 1, UINT64_MAX, &loss, NULL, NULL, NULL, NULL));
  luffy_objective_destroy(objective);
  EXPECT_OK(luffy_overlength_penalty(100, 100, 100, 1e308, &penalty));
  EXPECT(penalty >= -1e308 && penalty <= 0);
}

int main(void) {
  fields();
  objective_rows();
  nulls();
  foreign_pointers();
  buffers();
  model_arguments();
  return 0;
}
