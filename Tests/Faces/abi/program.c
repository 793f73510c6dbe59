// A program of a host, compiled with the header of the last release and with the one of today: each runs on the library of
// today and prints the same. Every struct with a struct_size goes through a call, and is
// initialised by its function, which must not write beyond it.
#include "luffy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OK(call)                                                                                   \
  do {                                                                                             \
    const luffy_status status_ = (call);                                                           \
    if (status_ != LUFFY_OK) {                                                                     \
      printf("%s: %s: %s\n", #call, luffy_status_string(status_), luffy_last_error());             \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

// A struct of this program's header between bytes that are the program's own.
#define INITIALISE(type, function)                                                                 \
  do {                                                                                             \
    struct {                                                                                       \
      type made;                                                                                   \
      unsigned char mine[64];                                                                      \
    } place;                                                                                       \
    memset(&place, 0xa5, sizeof place);                                                            \
    function(&place.made);                                                                         \
    int whole = place.made.struct_size == sizeof place.made;                                       \
    for (size_t i = 0; i < sizeof place.mine; i++) whole &= place.mine[i] == 0xa5;                 \
    printf("%s: %s\n", #function, whole ? "whole" : "writes beyond the struct");                   \
    if (!whole) exit(1);                                                                           \
  } while (0)

static const char *const configuration =
    "{\"model_type\": \"qwen2\", \"vocab_size\": 64, \"hidden_size\": 32, \"num_hidden_layers\": 2,"
    " \"num_attention_heads\": 4, \"num_key_value_heads\": 2, \"intermediate_size\": 48,"
    " \"max_position_embeddings\": 4096, \"tie_word_embeddings\": true, \"eos_token_id\": 63}";
static const int32_t prompt[] = {5, 9, 4};
static const size_t prompt_length = 3;

static void print(const char *name, const double *values, size_t count) {
  printf("%s:", name);
  for (size_t i = 0; i < count; i++) printf(" %.9g", values[i]);
  printf("\n");
}

static void score(luffy_model *model) {
  float logprobs[3], entropies[3];
  OK(luffy_model_score(model, prompt, &prompt_length, 1, 1.0f, logprobs, entropies));
  for (int i = 0; i < 3; i++) printf("score %.9g %.9g\n", (double)logprobs[i], (double)entropies[i]);
}

static void train(luffy_model *model, const char *directory) {
  luffy_generate_options generation = LUFFY_GENERATE_OPTIONS_INIT;
  generation.n = 3;
  generation.max_new_tokens = 8;
  generation.seed = 7;
  luffy_rollouts *drawn = NULL;
  OK(luffy_model_generate(model, prompt, &prompt_length, 1, &generation, &drawn));
  luffy_rollout rollouts[4];
  for (size_t i = 0; i < 4; i++) luffy_rollout_init(&rollouts[i]);
  for (size_t i = 0; i < 3; i++) {
    OK(luffy_rollouts_get(drawn, i, &rollouts[i]));
    rollouts[i].reward = (double)i;
  }
  static const int32_t trace[] = {3, 4, 1, 63};
  rollouts[3].ids = trace;
  rollouts[3].length = 4;
  rollouts[3].source = LUFFY_SOURCE_OFF_POLICY;
  rollouts[3].reward = 1;
  luffy_group group = LUFFY_GROUP_INIT;
  group.prompt_ids = prompt;
  group.prompt_length = 3;
  group.rollouts = rollouts;
  group.rollout_count = 4;
  luffy_objective *objective = NULL;
  OK(luffy_objective_create("luffy", &objective));
  luffy_trainer_options options = LUFFY_TRAINER_OPTIONS_INIT;
  options.lr = 1e-3;
  luffy_trainer *trainer = NULL;
  OK(luffy_trainer_create(model, objective, &options, NULL, &trainer));
  OK(luffy_trainer_step(trainer, &group, 1, NULL));
  OK(luffy_trainer_save(trainer, directory));
  luffy_trainer_destroy(trainer);
  OK(luffy_trainer_load(directory, NULL, &trainer));
  printf("steps %llu\n", (unsigned long long)luffy_trainer_steps(trainer));
  luffy_trainer_destroy(trainer);
  luffy_rollouts_destroy(drawn);
  luffy_objective_destroy(objective);
}

static void evaluate(void) {
  static const double logprobs[] = {-1, -2, -3};
  luffy_row rows[2];
  for (int i = 0; i < 2; i++) {
    luffy_row_init(&rows[i]);
    rows[i].length = 3;
    rows[i].logprobs = rows[i].old_logprobs = logprobs;
    rows[i].reward = i;
  }
  luffy_objective *objective = NULL;
  OK(luffy_objective_create("on_policy", &objective));
  double loss = 0, slopes[6];
  OK(luffy_objective_evaluate(objective, rows, 2, 0, &loss, slopes, NULL, NULL, NULL));
  print("loss", &loss, 1);
  print("slopes", slopes, 6);
  luffy_objective_destroy(objective);
}

static void judge(void) {
  luffy_verify_options options = LUFFY_VERIFY_OPTIONS_INIT;
  luffy_verdict verdict = LUFFY_VERDICT_INIT;
  OK(luffy_verify("1/2", LUFFY_NUL_TERMINATED, "It is \\boxed{0.5}.", LUFFY_NUL_TERMINATED, &options,
                  &verdict, NULL, 0));
  printf("verdict %d\n", (int)verdict.status);
}

static void initialise(void) {
  INITIALISE(luffy_memory_stats_t, luffy_memory_stats_init);
  INITIALISE(luffy_model_options, luffy_model_options_init);
  INITIALISE(luffy_parameter, luffy_parameter_init);
  INITIALISE(luffy_rollout, luffy_rollout_init);
  INITIALISE(luffy_group, luffy_group_init);
  INITIALISE(luffy_generate_options, luffy_generate_options_init);
  INITIALISE(luffy_verify_options, luffy_verify_options_init);
  INITIALISE(luffy_verdict, luffy_verdict_init);
  INITIALISE(luffy_row, luffy_row_init);
  INITIALISE(luffy_trainer_options, luffy_trainer_options_init);
  INITIALISE(luffy_workload, luffy_workload_init);
  INITIALISE(luffy_plan_t, luffy_plan_init);
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  initialise();
  OK(luffy_set_threads(1));
  luffy_model_options options = LUFFY_MODEL_OPTIONS_INIT;
  luffy_model *model = NULL;
  OK(luffy_model_create(configuration, 3, &options, &model));
  luffy_parameter parameter = LUFFY_PARAMETER_INIT;
  OK(luffy_model_parameter_info(model, 0, &parameter));
  printf("%s: %llu\n", parameter.name, (unsigned long long)parameter.count);
  score(model);
  train(model, arguments[1]);
  score(model);
  evaluate();
  judge();
  luffy_memory_stats_t memory = LUFFY_MEMORY_STATS_INIT;
  OK(luffy_memory_stats(&memory));
  printf("memory is counted: %d\n", memory.peak_bytes > 0);
  luffy_model_destroy(model);
  return 0;
}
