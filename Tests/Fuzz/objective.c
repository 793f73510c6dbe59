/* Fuzzes an objective: a preset's name, a NUL, its options as JSON, a NUL, numbers of the rows. */
#include "fuzz.h"

#include <math.h>

enum { rows_max = 6, tokens_max = 8 };

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_begin();
  return 0;
}

struct reader {
  const uint8_t *at, *end;
};

static uint8_t byte(struct reader *reader) { return reader->at < reader->end ? *reader->at++ : 0; }

/* Mostly what a log-prob is; sometimes a number that no sane caller hands in. */
static double number(struct reader *reader) {
  static const double odd[] = {0, -0.0, 1, -1e-300, -745, -1e308, 1e308, -1e30, NAN, INFINITY, -INFINITY, 5e-324};
  const uint8_t kind = byte(reader);
  return kind < 12 ? odd[kind] : -(double)kind / 16;
}

static void evaluate(const luffy_objective *objective, struct reader *reader) {
  static double values[rows_max][5][tokens_max];
  static uint8_t masks[rows_max][2][tokens_max];
  luffy_row rows[rows_max];
  const size_t count = byte(reader) % (rows_max + 1);
  size_t tokens = 0;
  for (size_t i = 0; i < count; i++) {
    const uint8_t shape = byte(reader), given = byte(reader);
    rows[i] = (luffy_row)LUFFY_ROW_INIT;
    rows[i].source = shape % 3;
    rows[i].group = shape >> 7;
    rows[i].length = (shape >> 3) % (tokens_max + 1);
    rows[i].reward = number(reader);
    for (size_t token = 0; token < rows[i].length; token++) {
      for (int array = 0; array < 5; array++) values[i][array][token] = number(reader);
      for (int mask = 0; mask < 2; mask++) masks[i][mask][token] = byte(reader) & 1;
    }
    rows[i].logprobs = values[i][0];
    if (given & 1) rows[i].old_logprobs = values[i][1];
    if (given & 2) rows[i].behavior_logprobs = values[i][2];
    if (given & 4) rows[i].reference_logprobs = values[i][3];
    if (given & 8) rows[i].entropies = values[i][4];
    if (given & 16) rows[i].response_mask = masks[i][0];
    if (given & 32) rows[i].off_mask = masks[i][1];
    tokens += rows[i].length;
  }
  double loss = 0, dlogprobs[rows_max * tokens_max], dentropies[rows_max * tokens_max], advantages[rows_max];
  luffy_metrics *metrics = NULL;
  const luffy_status status = fuzz_check(luffy_objective_evaluate(
      objective, rows, count, byte(reader), &loss, dlogprobs, dentropies, advantages, &metrics));
  if (status != LUFFY_OK) return;
  int finite = isfinite(loss);
  for (size_t i = 0; i < tokens; i++) finite = finite && isfinite(dlogprobs[i]) && isfinite(dentropies[i]);
  if (!finite) fuzz_fail("an evaluation that succeeded with a number that is not finite");
  if (luffy_metrics_json(metrics) == NULL) fuzz_fail("metrics without a text");
  luffy_metrics_destroy(metrics);
}

/* A configuration that was taken must read back to itself. */
static void read_back(luffy_objective *objective) {
  char first[8192], second[8192];
  size_t length = 0;
  if (fuzz_check(luffy_objective_options(objective, first, sizeof first, &length)) != LUFFY_OK) return;
  if (fuzz_check(luffy_objective_configure(objective, first)) != LUFFY_OK) fuzz_fail("options that are not taken back");
  fuzz_check(luffy_objective_options(objective, second, sizeof second, &length));
  if (strcmp(first, second) != 0) fuzz_fail("options that change when they are read back");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const uint8_t *name_end = memchr(data, 0, size);
  if (name_end == NULL) return 0;
  const uint8_t *options = name_end + 1;
  const uint8_t *options_end = memchr(options, 0, (size_t)(data + size - options));
  if (options_end == NULL) return 0;
  luffy_objective *objective = NULL;
  if (fuzz_check(luffy_objective_create((const char *)data, &objective)) != LUFFY_OK) return 0;
  if (fuzz_check(luffy_objective_configure(objective, (const char *)options)) == LUFFY_OK) read_back(objective);
  struct reader reader = {options_end + 1, data + size};
  evaluate(objective, &reader);
  luffy_objective_destroy(objective);
  return 0;
}
