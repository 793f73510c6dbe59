/* No layer allocates, and no loop of the thread pool: scoring, a backward pass and generating take as many allocations in
   a model of 32 layers as in one of two. Two runs of one model may differ by up to three; an allocation in each layer
   would make thirty. Counts every allocation of the process, so it is a program of its own, linked without jemalloc, and
   needs glibc. */
#include "expect.h"

#include <errno.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static long allocations;

static void note(void) { __atomic_fetch_add(&allocations, 1, __ATOMIC_RELAXED); }

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  note();
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  note();
  *result = __libc_memalign(alignment, size);
  return *result == NULL ? ENOMEM : 0;
}

enum { SEQUENCES = 5, LENGTH = 40, NEW_TOKENS = 40, VOCABULARY = 1100 };

static int32_t ids[SEQUENCES * LENGTH];
static size_t lengths[SEQUENCES];
static float numbers[SEQUENCES * LENGTH];

static void score(luffy_model *model) {
  float logprobs[SEQUENCES * LENGTH];
  EXPECT_OK(luffy_model_score(model, ids, lengths, SEQUENCES, 1.0f, logprobs, NULL));
}

static void backward(luffy_model *model) {
  EXPECT_OK(luffy_model_backward(model, ids, lengths, SEQUENCES, 1.0f, numbers, NULL));
}

static void generate(luffy_model *model) {
  luffy_generate_options options = LUFFY_GENERATE_OPTIONS_INIT;
  int32_t none = 0;
  luffy_rollouts *rollouts = NULL;

  options.max_new_tokens = NEW_TOKENS;
  options.stop_ids = &none;
  EXPECT_OK(luffy_model_generate(model, ids, lengths, SEQUENCES, &options, &rollouts));
  luffy_rollouts_destroy(rollouts);
}

static luffy_model *create(int layers, int32_t dtype) {
  luffy_model_options options = LUFFY_MODEL_OPTIONS_INIT;
  luffy_model *model = NULL;
  char config[512];

  options.dtype = dtype;
  snprintf(config, sizeof config,
           "{\"model_type\":\"qwen2\",\"hidden_size\":96,\"intermediate_size\":200,\"num_hidden_layers\":%d,"
           "\"num_attention_heads\":6,\"num_key_value_heads\":2,\"vocab_size\":%d,\"tie_word_embeddings\":true,"
           "\"max_position_embeddings\":512,\"rms_norm_eps\":1e-6,\"rope_theta\":10000.0}",
           layers, VOCABULARY);
  EXPECT_OK(luffy_model_create(config, 7, &options, &model));
  return model;
}

/* Of a second run: the first sizes the scratch memory. */
static long count(int layers, int32_t dtype, void (*work)(luffy_model *)) {
  luffy_model *model = create(layers, dtype);
  long before;

  work(model);
  before = allocations;
  work(model);
  before = allocations - before;
  luffy_model_destroy(model);
  return before;
}

int main(void) {
  void (*const works[])(luffy_model *) = {score, backward, generate};
  const char *const names[] = {"scoring", "backward", "generating"};
  int32_t dtype;
  int index;

  for (index = 0; index < SEQUENCES * LENGTH; index++) {
    ids[index] = index * 37 % VOCABULARY;
    numbers[index] = (float)(index % 7) - 3.0f;
  }
  for (index = 0; index < SEQUENCES; index++) lengths[index] = LENGTH;
  for (dtype = LUFFY_DTYPE_FLOAT32; dtype <= LUFFY_DTYPE_BFLOAT16; dtype++) {
    for (index = 0; index < 3; index++) {
      const long two = count(2, dtype, works[index]), many = count(32, dtype, works[index]);
      printf("%s, %s: %ld allocations with two layers, %ld with 32\n", names[index],
             dtype == LUFFY_DTYPE_BFLOAT16 ? "bfloat16" : "float32", two, many);
      EXPECT(two > 0 && labs(many - two) < 10);
    }
  }
  return 0;
}
