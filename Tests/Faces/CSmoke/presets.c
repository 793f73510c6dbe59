/* Every preset of an objective: made, set, evaluated on two groups of rollouts, a replayed rollout and a trace. */
#include <luffy.h>
#include <math.h>
#include <string.h>

#include "expect.h"

enum { ROWS = 8, TOKENS = 3 };

static const char *const presets[] = {
  "luffy", "plain", "reference", "on_policy", "mixed_policy", "sft", "rl_with_sft_loss", "dr_grpo", "dapo", "gspo", "cispo",
  "sapo", "exgrpo", "srft", "prefix_rft", "hpt", "chord",
};

static const double logprobs[TOKENS] = {-0.5, -2.0, -0.1};
static const double old_logprobs[TOKENS] = {-0.55, -1.9, -0.1};
static const double entropies[TOKENS] = {1.0, 0.5, 0.2};

static void fill(luffy_row rows[ROWS]) {
  static const int32_t sources[4] = {LUFFY_SOURCE_ON_POLICY, LUFFY_SOURCE_ON_POLICY, LUFFY_SOURCE_REPLAY,
                                     LUFFY_SOURCE_OFF_POLICY};
  for (int i = 0; i < ROWS; i++) {
    luffy_row_init(&rows[i]);
    rows[i].group = i / 4;
    rows[i].source = sources[i % 4];
    rows[i].reward = i % 4 == 0 || i % 4 == 3;
    rows[i].length = TOKENS;
    rows[i].logprobs = logprobs;
    rows[i].old_logprobs = old_logprobs;
    rows[i].entropies = entropies;
    if (rows[i].source == LUFFY_SOURCE_REPLAY) rows[i].behavior_logprobs = old_logprobs;
  }
}

int main(void) {
  luffy_objective *objective = NULL;
  luffy_row rows[ROWS];
  fill(rows);
  for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
    double loss = NAN, dlogprobs[ROWS * TOKENS], largest = 0;
    char text[2048];
    size_t length = 0;
    EXPECT_OK(luffy_objective_create(presets[i], &objective));
    EXPECT_OK(luffy_objective_evaluate(objective, rows, ROWS, 0, &loss, dlogprobs, NULL, NULL, NULL));
    for (int t = 0; t < ROWS * TOKENS; t++) largest = fmax(largest, fabs(dlogprobs[t]));
    EXPECT(isfinite(loss) && largest > 0);
    EXPECT_STATUS(luffy_objective_set(objective, "no_such_option", "1"), LUFFY_ERROR_INVALID_ARGUMENT);
    EXPECT_OK(luffy_objective_options(objective, text, sizeof text, &length));
    EXPECT_OK(luffy_objective_configure(objective, text));
    luffy_objective_destroy(objective);
  }
  EXPECT_STATUS(luffy_objective_create("grpoo", &objective), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "chord") != NULL);
  EXPECT_OK(luffy_objective_create("cispo", &objective));
  EXPECT_OK(luffy_objective_set(objective, "ratio_max", "3"));
  EXPECT_STATUS(luffy_objective_set(objective, "ratio_max", "-3"), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_objective_destroy(objective);
  (void)smoke_model;
  return 0;
}
