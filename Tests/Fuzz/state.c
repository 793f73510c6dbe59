/* Fuzzes a trainer's state: the manifest, a NUL, the data. The checksums are put right, so that what they guard is reached. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  fuzz_begin();
  return 0;
}

static uint64_t rotate(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

static const uint64_t prime[5] = {0x9E3779B185EBCA87u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u, 0x85EBCA77C2B2AE63u,
                                  0x27D4EB2F165667C5u};

static uint64_t mix(uint64_t sum, uint64_t word) { return rotate(sum + word * prime[1], 31) * prime[0]; }

static uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

/* XXH64 with seed 0, as its specification has it. */
static uint64_t xxh64(const uint8_t *bytes, size_t size) {
  const uint8_t *end = bytes + size;
  uint64_t hash = prime[4];
  if (size >= 32) {
    uint64_t lane[4] = {prime[0] + prime[1], prime[1], 0, 0 - prime[0]};
    for (; end - bytes >= 32; bytes += 32) {
      for (int i = 0; i < 4; i++) lane[i] = mix(lane[i], word_at(bytes + 8 * i));
    }
    hash = rotate(lane[0], 1) + rotate(lane[1], 7) + rotate(lane[2], 12) + rotate(lane[3], 18);
    for (int i = 0; i < 4; i++) hash = (hash ^ mix(0, lane[i])) * prime[0] + prime[3];
  }
  hash += size;
  for (; end - bytes >= 8; bytes += 8) hash = rotate(hash ^ mix(0, word_at(bytes)), 27) * prime[0] + prime[3];
  if (end - bytes >= 4) {
    uint32_t half;
    memcpy(&half, bytes, 4);
    hash = rotate(hash ^ half * prime[0], 23) * prime[1] + prime[2];
    bytes += 4;
  }
  for (; bytes < end; bytes++) hash = rotate(hash ^ *bytes * prime[4], 11) * prime[0];
  hash = (hash ^ hash >> 33) * prime[1];
  hash = (hash ^ hash >> 29) * prime[2];
  return hash ^ hash >> 32;
}

/* Two steps' worth of use: what was loaded must also train and say where it is. */
static void use(luffy_trainer *trainer) {
  static const int32_t prompt[] = {5, 9, 4}, ids[] = {3, 4, 1};
  luffy_rollout rollouts[2] = {LUFFY_ROLLOUT_INIT, LUFFY_ROLLOUT_INIT};
  for (int i = 0; i < 2; i++) {
    rollouts[i].ids = ids;
    rollouts[i].length = (uint64_t)(3 - i);
    rollouts[i].reward = 1 - i;
  }
  luffy_group group = LUFFY_GROUP_INIT;
  group.prompt_ids = prompt;
  group.prompt_length = 3;
  group.rollouts = rollouts;
  group.rollout_count = 2;
  fuzz_check(luffy_trainer_step(trainer, &group, 1, NULL));
  (void)luffy_trainer_steps(trainer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const uint8_t *zero = memchr(data, 0, size);
  if (zero == NULL) return 0;
  const size_t manifest_size = (size_t)(zero - data);
  const size_t array_size = size - manifest_size - 1;
  char *manifest = malloc(manifest_size + 1);
  if (manifest == NULL) return 0;
  memcpy(manifest, data, manifest_size);
  manifest[manifest_size] = 0;
  char digits[32];
  char *checksums = strstr(manifest, "\"checksums\": [");
  char *quote = checksums == NULL ? NULL : strchr(checksums + 14, '"');
  if (quote != NULL && strlen(quote) > 17) {
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)xxh64(zero + 1, array_size));
    memcpy(quote + 1, digits, 16);
  }
  snprintf(digits, sizeof digits, "%016llx\n",
           (unsigned long long)xxh64((const uint8_t *)manifest, manifest_size));
  fuzz_write("arrays.bin", zero + 1, array_size);
  fuzz_write("manifest.json", manifest, manifest_size);
  fuzz_write("manifest.xxh64", digits, 17);
  free(manifest);
  luffy_trainer *trainer = NULL;
  if (fuzz_check(luffy_trainer_load(fuzz_directory, NULL, &trainer)) == LUFFY_OK) use(trainer);
  luffy_trainer_destroy(trainer);
  return 0;
}
