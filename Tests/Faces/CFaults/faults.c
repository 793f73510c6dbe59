// Every call of the library with its n-th allocation or system call failing: the process lives, the status is an error
// with a text or the call succeeds, weights stay after an error, what was saved before is still there, and the same call
// without a fault succeeds. Run with shim.c preloaded.
//
// usage: faults DIRECTORY CASES SEED        CASES random faults
//        faults DIRECTORY all [OPERATION]   every fault of every operation, or of one
#define _GNU_SOURCE
#include "../CSmoke/expect.h"
#include "shim.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[256], path[700];
static luffy_model *model;
static luffy_trainer *trainer;
static luffy_objective *objective;
static luffy_tokenizer *tokenizer;

static const int32_t prompt[] = {5, 9, 4}, response[] = {3, 4, 1, 7, 9, 11};
static const char *const tokenizer_text =
    "{\"version\":\"1.0\",\"added_tokens\":[{\"id\":0,\"content\":\"<|endoftext|>\",\"special\":true,\"single_word\":"
    "false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false}],\"normalizer\":null,\"pre_tokenizer\":{\"type\":"
    "\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true},\"decoder\":{\"type\":"
    "\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true},\"model\":{\"type\":\"BPE\","
    "\"vocab\":{\"a\":1,\"b\":2,\"ab\":3},\"merges\":[\"a b\"]}}";

static const char *in(const char *name) {
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return path;
}

// MARK: Operations

static luffy_status step(void) {
  luffy_rollout rollouts[3];
  for (int i = 0; i < 3; i++) {
    luffy_rollout_init(&rollouts[i]);
    rollouts[i].ids = response;
    rollouts[i].length = (uint64_t)(3 + i);
    rollouts[i].reward = i;
  }
  rollouts[2].source = LUFFY_SOURCE_OFF_POLICY;
  luffy_group group = LUFFY_GROUP_INIT;
  group.prompt_ids = prompt;
  group.prompt_length = 3;
  group.rollouts = rollouts;
  group.rollout_count = 3;
  luffy_metrics *metrics = NULL;
  const luffy_status status = luffy_trainer_step(trainer, &group, 1, &metrics);
  luffy_metrics_destroy(metrics);
  return status;
}

static luffy_status create(void) {
  luffy_model *made = NULL;
  const luffy_status status = luffy_model_create(smoke_model, 1, NULL, &made);
  luffy_model_destroy(made);
  return status;
}

static luffy_status load(void) {
  luffy_model *made = NULL;
  const luffy_status status = luffy_model_load(in("model"), NULL, &made);
  luffy_model_destroy(made);
  return status;
}

static luffy_status load_tokenizer(void) {
  luffy_tokenizer *made = NULL;
  const luffy_status status = luffy_tokenizer_load(in("tokenizer.json"), &made);
  luffy_tokenizer_destroy(made);
  return status;
}

static luffy_status encode(void) {
  size_t length;
  return luffy_tokenizer_encode(tokenizer, "abbaab", LUFFY_NUL_TERMINATED, 0, NULL, 0, &length);
}

static luffy_status score(void) {
  float logprobs[3], entropies[3];
  const size_t length = 3;
  return luffy_model_score(model, prompt, &length, 1, 1.0f, logprobs, entropies);
}

static luffy_status backward(void) {
  const float slopes[3] = {0, 1, 1};
  const size_t length = 3;
  return luffy_model_backward(model, prompt, &length, 1, 1.0f, slopes, slopes);
}

static luffy_status generate(void) {
  luffy_generate_options options = LUFFY_GENERATE_OPTIONS_INIT;
  options.max_new_tokens = 20;
  options.n = 3;
  luffy_rollouts *made = NULL;
  const size_t length = 3;
  const luffy_status status = luffy_model_generate(model, prompt, &length, 1, &options, &made);
  luffy_rollouts_destroy(made);
  return status;
}

static luffy_status create_trainer(void) {
  luffy_trainer *made = NULL;
  const luffy_status status = luffy_trainer_create(model, objective, NULL, NULL, &made);
  luffy_trainer_destroy(made);
  return status;
}

static luffy_status load_trainer(void) {
  luffy_trainer *made = NULL;
  const luffy_status status = luffy_trainer_load(in("state"), NULL, &made);
  luffy_trainer_destroy(made);
  return status;
}

static luffy_status set_user_state(void) {
  return luffy_trainer_set_user_state(trainer, response, sizeof response);
}

static luffy_status configure(void) {
  return luffy_objective_configure(
      objective, "{\"clip_low\":0.2,\"off_shaping\":{\"kind\":\"power\",\"exponent\":0.3}}");
}

static luffy_status evaluate(void) {
  const double logprobs[3] = {-1, -2, -3};
  luffy_row row = LUFFY_ROW_INIT;
  row.length = 3;
  row.logprobs = logprobs;
  row.reward = 1;
  return luffy_objective_evaluate(objective, &row, 1, 0, NULL, NULL, NULL, NULL, NULL);
}

static luffy_status judge(void) {
  luffy_verdict verdict = LUFFY_VERDICT_INIT;
  return luffy_verify("\\frac{1}{2}", LUFFY_NUL_TERMINATED, "The answer is \\boxed{0.5}",
                      LUFFY_NUL_TERMINATED, NULL, &verdict, NULL, 0);
}

static luffy_status plan(void) {
  luffy_plan_t made = LUFFY_PLAN_INIT;
  return luffy_plan(in("model"), NULL, NULL, &made);
}

static luffy_status save_new(void) { return luffy_trainer_save(trainer, in("new/state")); }
static luffy_status save_over(void) { return luffy_trainer_save(trainer, in("state")); }
static luffy_status save_model_new(void) { return luffy_model_save(model, in("new/model")); }
static luffy_status save_model_over(void) { return luffy_model_save(model, in("model")); }

typedef struct {
  const char *name;
  luffy_status (*run)(void);
  /// Whether no fault may end the process.
  int must_live;
} operation;

static const operation operations[] = {
    {"create", create, 0},
    {"load", load, 0},
    {"load_tokenizer", load_tokenizer, 0},
    {"encode", encode, 0},
    {"score", score, 0},
    {"backward", backward, 0},
    {"generate", generate, 1},
    {"create_trainer", create_trainer, 0},
    {"step", step, 1},
    {"load_trainer", load_trainer, 0},
    {"set_user_state", set_user_state, 0},
    {"configure", configure, 0},
    {"evaluate", evaluate, 0},
    {"judge", judge, 0},
    {"plan", plan, 0},
    {"save_new", save_new, 1},
    {"save_over", save_over, 1},
    {"save_model_new", save_model_new, 1},
    {"save_model_over", save_model_over, 1},
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

typedef struct {
  const char *name;
  int kind, error;
} fault;

static const fault faults[] = {
    {"malloc", FAULT_MALLOC, ENOMEM}, {"mmap", FAULT_MMAP, ENOMEM},
    {"write: full", FAULT_WRITE, ENOSPC}, {"write: broken", FAULT_WRITE, EIO},
    {"write: short", FAULT_SHORT, 0}, {"write: interrupted", FAULT_INTERRUPT, EINTR},
    {"fsync", FAULT_FSYNC, EIO}, {"rename", FAULT_RENAME, EIO},
    {"link", FAULT_LINK, EPERM}, {"remove", FAULT_REMOVE, EACCES},
    {"mkdir", FAULT_MKDIR, ENOSPC}, {"open", FAULT_OPEN, EMFILE},
    {"close", FAULT_CLOSE, EIO}, {"fstat", FAULT_STAT, EIO},
};
enum { FAULTS = sizeof faults / sizeof *faults };

// MARK: One case, in a process of its own

static void prepare(void) {
  snprintf(path, sizeof path, "rm -rf '%s' && mkdir -p '%s'", directory, directory);
  EXPECT(system(path) == 0);
  FILE *file = fopen(in("tokenizer.json"), "w");
  EXPECT(file != NULL);
  fputs(tokenizer_text, file);
  EXPECT(fclose(file) == 0);
  EXPECT_OK(luffy_tokenizer_load(in("tokenizer.json"), &tokenizer));
  EXPECT_OK(luffy_model_create(smoke_model, 3, NULL, &model));
  EXPECT_OK(luffy_objective_create(NULL, &objective));
  luffy_trainer_options options = LUFFY_TRAINER_OPTIONS_INIT;
  options.lr = 1e-3;
  EXPECT_OK(luffy_trainer_create(model, objective, &options, NULL, &trainer));
  EXPECT_OK(step());
  EXPECT_OK(luffy_trainer_save(trainer, in("state")));
  // Another model, so that a mixture of both shows in its configuration.
  char other_text[600];
  snprintf(other_text, sizeof other_text, "%.*s, \"rope_theta\": 500000}", (int)strlen(smoke_model) - 1, smoke_model);
  luffy_model *other = NULL;
  EXPECT_OK(luffy_model_create(other_text, 4, NULL, &other));
  EXPECT_OK(luffy_model_save(other, in("model")));
  file = fopen(in("model/README.md"), "w");
  EXPECT(file != NULL && fclose(file) == 0);
  EXPECT_OK(step());
}

static float *weights(luffy_model *of, size_t *bytes) {
  size_t total = 0;
  for (size_t i = 0; i < luffy_model_parameter_count(of); i++) {
    luffy_parameter parameter = LUFFY_PARAMETER_INIT;
    EXPECT_OK(luffy_model_parameter_info(of, i, &parameter));
    total += parameter.count;
  }
  float *values = malloc(total * sizeof *values), *next = values;
  EXPECT(values != NULL);
  for (size_t i = 0; i < luffy_model_parameter_count(of); i++) {
    luffy_parameter parameter = LUFFY_PARAMETER_INIT;
    EXPECT_OK(luffy_model_parameter_info(of, i, &parameter));
    EXPECT_OK(luffy_model_parameter(of, parameter.name, next, parameter.count));
    next += parameter.count;
  }
  *bytes = total * sizeof *values;
  return values;
}

static int holds(const char *name, const float *expected, const char *configuration, size_t bytes) {
  luffy_model *found = NULL;
  size_t size;
  if (luffy_model_load(in(name), NULL, &found) != LUFFY_OK) return 0;
  return memcmp(weights(found, &size), expected, bytes) == 0 &&
         strcmp(luffy_model_config(found), configuration) == 0;
}

static uint64_t steps_of(const char *name) {
  luffy_trainer *found = NULL;
  return luffy_trainer_load(in(name), NULL, &found) == LUFFY_OK ? luffy_trainer_steps(found) : 0;
}

/// What is on the disk after a save that ended so.
static void check_saved(const operation *op, luffy_status status, const char *text,
                        luffy_model *former, const float *now, size_t bytes) {
  const float *before = weights(former, &bytes);
  const char *old = luffy_model_config(former), *new = luffy_model_config(model);
  const int saved = status == LUFFY_OK || strstr(text, "saved, but") != NULL;
  if (op->run == save_over) EXPECT(steps_of("state") == (saved ? 2 : 1));
  if (op->run == save_new) EXPECT(steps_of("new/state") == (saved ? 2 : 0));
  if (op->run == save_model_over) {
    EXPECT(holds("model", saved ? now : before, saved ? new : old, bytes));
    EXPECT(access(in("model/README.md"), F_OK) == 0);
  }
  if (op->run == save_model_new) EXPECT(holds("new/model", now, new, bytes) == saved);
}

static void run_case(const operation *op, const fault *f, long n, int always) {
  size_t bytes;
  prepare();
  luffy_model *saved = NULL;
  EXPECT_OK(luffy_model_load(in("model"), NULL, &saved));
  float *held = weights(model, &bytes);
  fault_arm(f->kind, n, f->error, always);
  const luffy_status status = op->run();
  fault_disarm();
  const char *text = status == LUFFY_OK ? "" : strdup(luffy_last_error());
  float *now = weights(model, &bytes);
  if (status != LUFFY_OK) {
    EXPECT(*text != 0);
    EXPECT(memcmp(held, now, bytes) == 0);
  }
  if (status != LUFFY_OK && (f->kind == FAULT_MALLOC || f->kind == FAULT_MMAP)) {
    EXPECT_STATUS(status, LUFFY_ERROR_OUT_OF_MEMORY);
  }
  check_saved(op, status, text, saved, now, bytes);
  if (status != LUFFY_OK) EXPECT_OK(op->run());
  check_saved(op, LUFFY_OK, "", saved, now, bytes);
}

static long count_calls(const operation *op, const fault *f) {
  int ends[2];
  long count = 0;
  EXPECT(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    prepare();
    fault_arm(f->kind, 0, 0, 0);
    EXPECT_OK(op->run());
    count = fault_disarm();
    _exit(write(ends[1], &count, sizeof count) == sizeof count ? 0 : 1);
  }
  int ended;
  close(ends[1]);
  EXPECT(read(ends[0], &count, sizeof count) == sizeof count);
  close(ends[0]);
  EXPECT(waitpid(child, &ended, 0) == child && ended == 0);
  return count;
}

static long done, deaths, failures, allocations;

static void isolated(const operation *op, const fault *f, long n, int always) {
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    run_case(op, f, n, always);
    _exit(0);
  }
  int ended;
  EXPECT(waitpid(child, &ended, 0) == child);
  done++;
  if (f->kind == FAULT_MALLOC) allocations++;
  if (ended == 0) return;
  const int died = WIFSIGNALED(ended);
  printf("faults: %s with %s #%ld%s: %s %d\n", op->name, f->name, n, always ? " and all after" : "",
         died ? "signal" : "exit", died ? WTERMSIG(ended) : WEXITSTATUS(ended));
  if (died && f->kind == FAULT_MALLOC && !op->must_live) {
    deaths++;
  } else {
    failures++;
  }
}

static void run_all(const char *only) {
  for (int o = 0; o < OPERATIONS; o++) {
    if (only != NULL && strcmp(only, operations[o].name) != 0) continue;
    for (int f = 0; f < FAULTS; f++) {
      const long calls = count_calls(&operations[o], &faults[f]);
      for (long n = 1; n <= calls; n++) {
        isolated(&operations[o], &faults[f], n, 0);
        if (faults[f].kind != FAULT_INTERRUPT) isolated(&operations[o], &faults[f], n, 1);
      }
    }
    printf("faults: %s: %ld so far\n", operations[o].name, done);
  }
}

static void run_some(long cases, unsigned seed) {
  static long calls[OPERATIONS][FAULTS];
  srand(seed);
  printf("faults: seed %u\n", seed);
  while (done < cases) {
    const int o = rand() % OPERATIONS, f = rand() % FAULTS;
    if (calls[o][f] == 0) calls[o][f] = count_calls(&operations[o], &faults[f]) + 1;
    if (calls[o][f] == 1) continue; // it makes none of these
    const int always = faults[f].kind != FAULT_INTERRUPT && rand() % 2;
    isolated(&operations[o], &faults[f], 1 + rand() % (calls[o][f] - 1), always);
  }
}

int main(int count, char **arguments) {
  EXPECT(count >= 3);
  snprintf(directory, sizeof directory, "%s/faults-%d", arguments[1], (int)getpid());
  if (strcmp(arguments[2], "all") == 0) {
    run_all(count > 3 ? arguments[3] : NULL);
  } else {
    run_some(atol(arguments[2]), count > 3 ? (unsigned)atol(arguments[3]) : (unsigned)getpid());
  }
  snprintf(path, sizeof path, "rm -rf '%s'", directory);
  EXPECT(system(path) == 0);
  printf("faults: %ld injected, %ld wrong; %ld of %ld failed allocations ended the process\n", done,
         failures, deaths, allocations);
  return failures > 0 || deaths * 20 > allocations;
}
