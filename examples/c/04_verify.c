/* 04: judging responses against a reference answer. */
#include "check.h"

int main(void) {
  static const char *const names[] = {"wrong", "right", "unparsed"};
  static const struct {
    const char *reference, *response;
    int32_t expected;
  } cases[] = {
      {"42", "So the answer is \\boxed{42}.", LUFFY_VERDICT_RIGHT},
      {"1/2", "Half of it: $\\frac{1}{2}$", LUFFY_VERDICT_RIGHT},
      {"42", "I get \\boxed{41}", LUFFY_VERDICT_WRONG},
      {"42", "I do not know.", LUFFY_VERDICT_UNPARSED},
  };
  const char *references[4], *responses[4];
  int32_t statuses[4];
  luffy_verify_options options = LUFFY_VERIFY_OPTIONS_INIT;
  luffy_verdict verdict = LUFFY_VERDICT_INIT;
  char extracted[256];
  size_t i;
  int wrong = 0;

  for (i = 0; i < 4; i++) {
    references[i] = cases[i].reference;
    responses[i] = cases[i].response;
    check(luffy_verify(cases[i].reference, LUFFY_NUL_TERMINATED, cases[i].response, LUFFY_NUL_TERMINATED, NULL,
                       &verdict, extracted, sizeof extracted),
          "verify");
    printf("%-30s %s%s%s\n", cases[i].response, names[verdict.status], verdict.has_extracted ? ": " : "",
           verdict.has_extracted ? extracted : "");
    wrong += verdict.status != cases[i].expected;
  }

  /* Many at once, on all threads. */
  check(luffy_verify_batch(references, NULL, responses, NULL, 4, NULL, statuses), "verify_batch");
  for (i = 0; i < 4; i++) wrong += statuses[i] != cases[i].expected;

  /* For a reward: a number that merely stands somewhere earns nothing, nor does the question written once more. */
  {
    luffy_verify_options reward = LUFFY_VERIFY_OPTIONS_INIT;
    reward.answer_form = LUFFY_ANSWER_ANCHORED;
    reward.problem = "What is 26 + 28?";
    check(luffy_verify("54", LUFFY_NUL_TERMINATED, "26 + 28 is an unnerving goal", LUFFY_NUL_TERMINATED, &reward,
                       &verdict, NULL, 0),
          "reward");
    wrong += verdict.status == LUFFY_VERDICT_RIGHT;
    check(luffy_verify("54", LUFFY_NUL_TERMINATED, "The answer is 54.", LUFFY_NUL_TERMINATED, &reward, &verdict, NULL, 0),
          "reward");
    wrong += verdict.status != LUFFY_VERDICT_RIGHT;
  }

  /* A multiple choice: the answer may be the label or the option's text. */
  {
    static const char *const choices[] = {"Paris", "Rome", "Berlin"};
    options.grader = LUFFY_GRADER_CHOICE;
    options.choice_texts = choices;
    options.choice_count = 3;
    check(luffy_verify("B", LUFFY_NUL_TERMINATED, "The answer is B", LUFFY_NUL_TERMINATED, &options, &verdict, NULL, 0),
          "choice");
    printf("choice: %s\n", names[verdict.status]);
    wrong += verdict.status != LUFFY_VERDICT_RIGHT;
  }
  return wrong == 0 ? 0 : 1;
}
