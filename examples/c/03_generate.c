/* 03: a model writes rollouts; scoring one gives the log-probs that were recorded, bit for bit. */
#include <string.h>

#include "check.h"
#include "tiny_model.h"

int main(void) {
  static const int32_t prompt[] = {2, 7, 1 + 7};
  const size_t prompt_length = sizeof prompt / sizeof *prompt;
  luffy_generate_options options = LUFFY_GENERATE_OPTIONS_INIT;
  luffy_model *model = NULL;
  luffy_rollouts *rollouts = NULL;
  size_t i;

  check(luffy_model_create(tiny_model, 42, NULL, &model), "create");
  printf("%zu parameter tensors\n", luffy_model_parameter_count(model));

  options.n = 4;
  options.max_new_tokens = 12;
  options.seed = 1;
  check(luffy_model_generate(model, prompt, &prompt_length, 1, &options, &rollouts), "generate");

  for (i = 0; i < luffy_rollouts_count(rollouts); i++) {
    luffy_rollout rollout = LUFFY_ROLLOUT_INIT;
    int32_t sequence[64];
    float logprobs[64];
    size_t length, t;

    check(luffy_rollouts_get(rollouts, i, &rollout), "get");
    length = prompt_length + (size_t)rollout.length;
    memcpy(sequence, prompt, sizeof prompt);
    memcpy(sequence + prompt_length, rollout.ids, (size_t)rollout.length * sizeof *sequence);
    check(luffy_model_score(model, sequence, &length, 1, 1.0f, logprobs, NULL), "score");

    printf("rollout %zu (%s):", i, rollout.finish_reason == LUFFY_FINISH_STOP ? "stop" : "length");
    for (t = 0; t < rollout.length; t++) printf(" %d", (int)rollout.ids[t]);
    printf("\n");
    if (memcmp(logprobs + prompt_length, rollout.logprobs, (size_t)rollout.length * sizeof(float)) != 0) {
      fprintf(stderr, "recorded and scored log-probs differ\n");
      return 1;
    }
  }
  printf("recorded and scored log-probs are the same bits\n");
  luffy_rollouts_destroy(rollouts);
  luffy_model_destroy(model);
  return 0;
}
