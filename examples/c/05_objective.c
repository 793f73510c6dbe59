/* 05: LUFFY's objective on its own: three rollouts and a teacher's trace, in float64, without a model. */
#include <math.h>

#include "check.h"

int main(void) {
  static const double own[] = {-0.7, -1.2}, rare[] = {-0.3, -4.0, -0.2};
  luffy_row rows[4] = {LUFFY_ROW_INIT, LUFFY_ROW_INIT, LUFFY_ROW_INIT, LUFFY_ROW_INIT};
  double loss = 0, dlogprobs[3 * 2 + 3], advantages[4];
  luffy_objective *objective = NULL;
  luffy_metrics *metrics = NULL;
  double kept = 0;
  size_t i;

  check(luffy_objective_create("luffy", &objective), "create");
  /* Values are JSON; a bare word is a text. */
  check(luffy_objective_set(objective, "aggregation", "token_mean"), "set");
  check(luffy_objective_set(objective, "entropy_coefficient", "0"), "set"); /* else rows need entropies */
  check(luffy_objective_set(objective, "off_shaping", "{\"kind\": \"saturating\", \"gamma\": 0.1}"), "set");
  if (luffy_objective_set(objective, "clip_lwo", "0.2") != LUFFY_OK) printf("refused: %s\n", luffy_last_error());

  for (i = 0; i < 3; i++) {
    rows[i].logprobs = own;
    rows[i].length = 2;
    rows[i].reward = 0;
  }
  rows[3].source = LUFFY_SOURCE_OFF_POLICY;
  rows[3].logprobs = rare;
  rows[3].length = 3;
  rows[3].reward = 1;

  check(luffy_objective_evaluate(objective, rows, 4, 0, &loss, dlogprobs, NULL, advantages, &metrics), "evaluate");
  printf("loss %.6f\n", loss);
  for (i = 0; i < 4; i++) printf("advantage of row %zu: %+.4f\n", i, advantages[i]);
  printf("the trace's gradients: %.5f %.5f %.5f\n", dlogprobs[6], dlogprobs[7], dlogprobs[8]);
  printf("%s\n", luffy_metrics_json(metrics));

  /* All own rows failed: the trace alone has a positive advantage, 1 - 1/4. Nine tokens share the mean, and a token of
     probability p has the shaped ratio p/(p + 0.1), whose derivative in log p is 0.1 p/(p + 0.1)^2. */
  kept = exp(-4.0);
  kept = -0.75 * 0.1 * kept / ((kept + 0.1) * (kept + 0.1)) / 9;
  if (fabs(advantages[3] - 0.75) > 1e-12 || fabs(dlogprobs[7] - kept) > 1e-12) {
    fprintf(stderr, "expected an advantage of 0.75 and a gradient of %.9f\n", kept);
    return 1;
  }
  luffy_metrics_destroy(metrics);
  luffy_objective_destroy(objective);
  return 0;
}
