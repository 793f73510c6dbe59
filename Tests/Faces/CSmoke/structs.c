/* Versioned structs: the initialiser and the function agree, older and newer callers are understood or refused. */
#include <stddef.h>

#include "expect.h"

#define SAME(type, INIT)                                         \
  do {                                                           \
    static const type constant = INIT;                           \
    type made;                                                   \
    memset(&made, 0xff, sizeof made);                            \
    type##_init(&made);                                          \
    EXPECT(memcmp(&made, &constant, sizeof made) == 0);          \
    type##_init(NULL);                                           \
  } while (0)

/* Structs with a NaN, whose bits the compiler chooses. */
#define SAME_BUT_REWARD(type, INIT)                              \
  do {                                                           \
    type constant = INIT, made;                                  \
    type##_init(&made);                                          \
    EXPECT(made.reward != made.reward);                          \
    EXPECT(constant.reward != constant.reward);                  \
    made.reward = constant.reward = 0;                           \
    EXPECT(memcmp(&made, &constant, sizeof made) == 0);          \
  } while (0)

static void initialisers(void) {
  SAME(luffy_model_options, LUFFY_MODEL_OPTIONS_INIT);
  SAME(luffy_save_options, LUFFY_SAVE_OPTIONS_INIT);
  SAME(luffy_parameter, LUFFY_PARAMETER_INIT);
  SAME(luffy_generate_options, LUFFY_GENERATE_OPTIONS_INIT);
  SAME(luffy_verify_options, LUFFY_VERIFY_OPTIONS_INIT);
  SAME(luffy_verdict, LUFFY_VERDICT_INIT);
  SAME(luffy_trainer_options, LUFFY_TRAINER_OPTIONS_INIT);
  SAME(luffy_workload, LUFFY_WORKLOAD_INIT);
  SAME(luffy_group, LUFFY_GROUP_INIT);
  SAME(luffy_sampling_record, LUFFY_SAMPLING_RECORD_INIT);
  SAME_BUT_REWARD(luffy_rollout, LUFFY_ROLLOUT_INIT);
  SAME_BUT_REWARD(luffy_row, LUFFY_ROW_INIT);
}

/* The function that is told the size of the caller's struct: of an older header, of a newer one, of none. */
static void sizes(void) {
  struct newer_row {
    luffy_row known;
    unsigned char later[16], beyond[16];
  } row;
  luffy_row constant = LUFFY_ROW_INIT;
  const size_t older = offsetof(luffy_row, off_mask), newer = offsetof(struct newer_row, beyond);
  size_t i;

  memset(&row, 0xff, sizeof row);
  luffy_row_init_sized(&row.known, older);
  EXPECT(row.known.struct_size == older && row.known.group == constant.group && row.known.entropies == NULL);
  for (i = older; i < sizeof row; i++) EXPECT(((unsigned char *)&row)[i] == 0xff);

  memset(&row, 0xff, sizeof row);
  luffy_row_init_sized(&row.known, newer);
  EXPECT(row.known.struct_size == newer && row.known.off_mask == NULL);
  for (i = 0; i < sizeof row.later; i++) EXPECT(row.later[i] == 0);
  for (i = 0; i < sizeof row.beyond; i++) EXPECT(row.beyond[i] == 0xff);

  memset(&row, 0xff, sizeof row);
  for (i = 0; i < sizeof row.known.struct_size; i++) luffy_row_init_sized(&row.known, i);
  luffy_row_init_sized(NULL, sizeof row);
  for (i = 0; i < sizeof row; i++) EXPECT(((unsigned char *)&row)[i] == 0xff);

  /* The function without a size is that of programs which were compiled with 0.1.0: the struct has grown since. */
  {
    luffy_rollout rollout;
    memset(&rollout, 0xff, sizeof rollout);
    (luffy_rollout_init)(&rollout);
    EXPECT(rollout.struct_size == offsetof(luffy_rollout, full_logprobs));
    for (i = rollout.struct_size; i < sizeof rollout; i++) EXPECT(((unsigned char *)&rollout)[i] == 0xff);
  }
}

static void generations(void) {
  luffy_model *model = NULL;
  struct {
    luffy_generate_options known;
    uint64_t later;
  } newer = {LUFFY_GENERATE_OPTIONS_INIT, 0};
  luffy_generate_options older = LUFFY_GENERATE_OPTIONS_INIT;
  luffy_rollouts *rollouts = NULL;
  static const int32_t prompt[] = {1, 2, 3};
  const size_t length = 3;

  EXPECT_OK(luffy_model_create(smoke_model, 0, NULL, &model));

  /* A newer caller whose new field is 0 is understood; one who sets it is refused. */
  newer.known.struct_size = sizeof newer;
  newer.known.max_new_tokens = 2;
  EXPECT_OK(luffy_model_generate(model, prompt, &length, 1, &newer.known, &rollouts));
  luffy_rollouts_destroy(rollouts);
  newer.later = 1;
  EXPECT_STATUS(luffy_model_generate(model, prompt, &length, 1, &newer.known, &rollouts), LUFFY_ERROR_UNSUPPORTED);

  /* An older caller's struct ends early: what is beyond it is not read. */
  older.struct_size = offsetof(luffy_generate_options, seed);
  older.max_new_tokens = 2;
  older.maximum_batch = 0; /* would be refused */
  EXPECT_OK(luffy_model_generate(model, prompt, &length, 1, &older, &rollouts));
  EXPECT(luffy_rollouts_count(rollouts) == 1);
  {
    luffy_rollout view = LUFFY_ROLLOUT_INIT;
    view.reward = 5;
    view.struct_size = offsetof(luffy_rollout, prefix_length);
    EXPECT_OK(luffy_rollouts_get(rollouts, 0, &view));
    EXPECT(view.length >= 1 && view.ids != NULL && view.reward == 5);
  }
  luffy_rollouts_destroy(rollouts);

  /* Never initialised. */
  memset(&older, 0xee, sizeof older);
  EXPECT_STATUS(luffy_model_generate(model, prompt, &length, 1, &older, &rollouts), LUFFY_ERROR_INVALID_ARGUMENT);
  older.struct_size = 0;
  EXPECT_STATUS(luffy_model_generate(model, prompt, &length, 1, &older, &rollouts), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_model_destroy(model);
}

/* The array's stride is the first element's size. */
static void strides(void) {
  struct row {
    luffy_row known;
    uint64_t later;
  } rows[2] = {{LUFFY_ROW_INIT, 0}, {LUFFY_ROW_INIT, 0}};
  static const double logprobs[] = {-1.0};
  luffy_objective *objective = NULL;
  double advantages[2];
  int i;

  EXPECT_OK(luffy_objective_create("mixed_policy", &objective));
  EXPECT_OK(luffy_objective_set(objective, "entropy_coefficient", "0"));
  for (i = 0; i < 2; i++) {
    rows[i].known.struct_size = sizeof rows[0];
    rows[i].known.logprobs = logprobs;
    rows[i].known.length = 1;
    rows[i].known.reward = i;
  }
  EXPECT_OK(luffy_objective_evaluate(objective, &rows[0].known, 2, 0, NULL, NULL, NULL, advantages, NULL));
  EXPECT(advantages[0] == -0.5 && advantages[1] == 0.5);
  rows[1].known.struct_size = sizeof(luffy_row);
  EXPECT_STATUS(luffy_objective_evaluate(objective, &rows[0].known, 2, 0, NULL, NULL, NULL, advantages, NULL),
                LUFFY_ERROR_INVALID_ARGUMENT);
  rows[1].known.struct_size = sizeof rows[0];
  rows[1].known.reward = 0.0 / 0.0;
  EXPECT_STATUS(luffy_objective_evaluate(objective, &rows[0].known, 2, 0, NULL, NULL, NULL, advantages, NULL),
                LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_objective_destroy(objective);
}

int main(void) {
  initialisers();
  sizes();
  generations();
  strides();
  return 0;
}
