/* 06: LUFFY steps: the model's own rollouts and a teacher's trace in one group, until the model gives the answer. */
#include <string.h>

#include "check.h"
#include "tiny_model.h"

enum { OWN = 7, STEPS = 40 };

int main(void) {
  static const int32_t prompt[] = {5, 9, 4};  /* the question */
  static const int32_t trace[] = {14, 23, 1}; /* a teacher's right answer, with the stop token */
  const size_t prompt_length = 3;
  luffy_generate_options sampling = LUFFY_GENERATE_OPTIONS_INIT;
  luffy_trainer_options training = LUFFY_TRAINER_OPTIONS_INIT;
  luffy_objective *objective = NULL;
  luffy_trainer *trainer = NULL;
  luffy_model *model = NULL;
  double first = -1, solved = 0;
  int step, i;

  check(luffy_model_create(tiny_model, 3, NULL, &model), "model");
  check(luffy_objective_create("luffy", &objective), "objective");
  check(luffy_objective_set(objective, "fixed_length", "8"), "fixed_length");
  training.lr = 1e-2;
  check(luffy_trainer_create(model, objective, &training, NULL, &trainer), "trainer");
  luffy_objective_destroy(objective); /* the trainer has its copy */

  sampling.n = OWN;
  sampling.max_new_tokens = 8;
  for (step = 0; step < STEPS; step++) {
    luffy_rollout members[OWN + 1];
    luffy_rollout teacher = LUFFY_ROLLOUT_INIT;
    luffy_group group = LUFFY_GROUP_INIT;
    luffy_rollouts *rollouts = NULL;
    luffy_metrics *metrics = NULL;

    /* The model's own responses, judged: 1 for the teacher's answer, else 0. */
    sampling.step = (uint32_t)step;
    check(luffy_model_generate(model, prompt, &prompt_length, 1, &sampling, &rollouts), "generate");
    solved = 0;
    for (i = 0; i < OWN; i++) {
      luffy_rollout_init(&members[i]);
      check(luffy_rollouts_get(rollouts, (size_t)i, &members[i]), "get");
      members[i].reward = members[i].length == 3 && memcmp(members[i].ids, trace, sizeof trace) == 0;
      solved += members[i].reward / OWN;
    }
    if (first < 0) first = solved;

    /* The teacher's. */
    teacher.source = LUFFY_SOURCE_OFF_POLICY;
    teacher.ids = trace;
    teacher.length = 3;
    teacher.reward = 1;
    members[OWN] = teacher;

    group.prompt_ids = prompt;
    group.prompt_length = prompt_length;
    group.rollouts = members;
    group.rollout_count = OWN + 1;
    check(luffy_trainer_step(trainer, &group, 1, &metrics), "step");
    if (step % 10 == 0 || step == STEPS - 1) {
      double loss = 0, norm = 0;
      check(luffy_metrics_find(metrics, "actor/loss", &loss), "loss");
      check(luffy_metrics_find(metrics, "actor/grad_norm", &norm), "grad_norm");
      printf("step %2d: loss %+.5f, gradient norm %.4f, solved %.2f\n", step, loss, norm, solved);
    }
    luffy_metrics_destroy(metrics);
    luffy_rollouts_destroy(rollouts);
  }
  luffy_trainer_destroy(trainer);
  luffy_model_destroy(model);
  printf("solved %.2f before, %.2f after\n", first, solved);
  return first < 0.5 && solved > 0.5 ? 0 : 1;
}
