/* Evaluation through C: counts, intervals, votes, graders, choices, refusals. */
#include <math.h>

#include "expect.h"

static int close_to(double a, double b) { return fabs(a - b) < 1e-9; }

static void add(luffy_evaluation *evaluation, const char *problem) { EXPECT_OK(luffy_evaluation_add(evaluation, problem)); }

static void counts(void) {
  luffy_evaluation *evaluation = NULL;
  const char *json = NULL;
  double estimate[3];
  EXPECT_OK(luffy_evaluation_create(NULL, &evaluation));
  add(evaluation, "{\"problem\": \"p\", \"answer\": \"1/2\", \"id\": \"a\", \"responses\": [{\"text\": \"\\\\boxed{0.5}\"},"
                  "{\"text\": \"\\\\boxed{3}\"}, {\"text\": \"3\"}, {\"text\": \"no idea\"}]}");
  add(evaluation, "{\"problem\": \"Which?\\nA) one\\nB) two\", \"answer\": \"B\", \"responses\": [{\"text\": \"The answer is B\"},"
                  "{\"text\": \"(A)\"}, {\"text\": \"B\"}, {\"text\": \"two\", \"finish_reason\": \"length\", \"tokens\": 7}]}");
  EXPECT(luffy_evaluation_count(evaluation) == 2);
  EXPECT_OK(luffy_evaluation_estimate(evaluation, "avg", 0, estimate));
  EXPECT(close_to(estimate[0], (1 / 4.0 + 3 / 4.0) / 2) && estimate[1] < estimate[0] && estimate[2] > estimate[0]);
  EXPECT_OK(luffy_evaluation_estimate(evaluation, "pass", 2, estimate));
  EXPECT(close_to(estimate[0], ((1 - 3 / 6.0) + 1) / 2));
  EXPECT_OK(luffy_evaluation_estimate(evaluation, "maj", 4, estimate));
  EXPECT(close_to(estimate[0], 0.5));
  EXPECT_OK(luffy_evaluation_problem(evaluation, 0, &json));
  EXPECT(strstr(json, "\"answer_classes\":[0,1,1,null]") != NULL && strstr(json, "\"right\":1") != NULL);
  EXPECT_OK(luffy_evaluation_problem(evaluation, 1, &json));
  EXPECT(strstr(json, "\"finish_reason\":\"length\"") != NULL && strstr(json, "\"tokens\":7") != NULL);
  EXPECT_STATUS(luffy_evaluation_problem(evaluation, 2, &json), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_evaluation_estimate(evaluation, "pass", 5, estimate), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_evaluation_estimate(evaluation, "best", 1, estimate), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_evaluation_add(evaluation, "{"), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_evaluation_add(evaluation, "{\"problem\": \"p\"}"), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_evaluation_add(evaluation, "{\"problem\": \"p\", \"answer\": \"2\", \"responses\": [{\"text\": \"2\", "
                                                 "\"verdict\": \"good\"}]}"), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(luffy_evaluation_count(evaluation) == 2);
  luffy_evaluation_destroy(evaluation);
}

static void options(void) {
  luffy_evaluation *evaluation = NULL;
  luffy_model *model = NULL;
  double estimate[3], values[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  char json[256];
  size_t length = 0;
  EXPECT_STATUS(luffy_evaluation_create("{\"answer_frm\": \"boxed\"}", &evaluation), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "did you mean answer_form?") != NULL);
  EXPECT_OK(luffy_evaluation_create("{\"answer_form\": \"boxed\"}", &evaluation));
  add(evaluation, "{\"problem\": \"p\", \"answer\": \"2\", \"responses\": [{\"text\": \"2\"}, {\"text\": \"\\\\boxed{2}\"}]}");
  EXPECT_OK(luffy_evaluation_estimate(evaluation, "avg", 0, estimate));
  EXPECT(close_to(estimate[0], 0.5));
  luffy_evaluation_destroy(evaluation);
  luffy_evaluation_destroy(NULL);
  /* Wilson's interval: 0 of 10. */
  EXPECT_OK(luffy_estimate(values, 10, estimate));
  EXPECT(estimate[0] == 0 && fabs(estimate[2] - 0.2775) < 1e-4);
  EXPECT_OK(luffy_listed_options("Which?\nA) one\nB) two", json, sizeof json, &length));
  EXPECT(strcmp(json, "{\"labels\":[\"A\",\"B\"],\"texts\":[\"one\",\"two\"]}") == 0);
  EXPECT_OK(luffy_model_create(smoke_model, 3, NULL, &model));
  EXPECT_STATUS(luffy_evaluate(model, NULL, "{}", &evaluation), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_model_destroy(model);
}

/* The whole way: a run's own model and tokenizer on a file. */
static void whole(void) {
  luffy_run *run = NULL;
  luffy_model *model = NULL;
  luffy_tokenizer *tokenizer = NULL;
  luffy_evaluation *evaluation = NULL;
  double estimate[3];
  FILE *file = fopen("problems.jsonl", "w");
  EXPECT(file != NULL);
  fputs("{\"problem\": \"1+2=\", \"answer\": 3}\n{\"problem\": \"2+2=\", \"answer\": \"4\"}\n", file);
  fclose(file);
  EXPECT_OK(luffy_run_open("{\"output\": \"evaluated\", \"warmup_steps\": 1, \"steps\": 1}", &run));
  EXPECT_OK(luffy_run_model(run, &model));
  EXPECT_OK(luffy_run_tokenizer(run, &tokenizer));
  EXPECT_OK(luffy_evaluate(model, tokenizer,
                           "{\"data\": \"problems.jsonl\", \"template\": \"raw\", \"n\": 3, \"max_new_tokens\": 4}", &evaluation));
  EXPECT(luffy_evaluation_count(evaluation) == 2);
  EXPECT_OK(luffy_evaluation_estimate(evaluation, "pass", 3, estimate));
  EXPECT(estimate[0] >= 0 && estimate[2] <= 1);
  luffy_evaluation_destroy(evaluation);
  EXPECT_STATUS(luffy_evaluate(model, tokenizer, "{}", &evaluation), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_evaluate(model, tokenizer, "{\"data\": \"none.jsonl\"}", &evaluation), LUFFY_ERROR_NOT_FOUND);
  luffy_tokenizer_destroy(tokenizer);
  luffy_model_destroy(model);
  luffy_run_destroy(run);
}

int main(void) {
  counts();
  options();
  whole();
  return 0;
}
