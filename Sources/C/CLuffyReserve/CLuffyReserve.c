// The linker sends every malloc, calloc, realloc, posix_memalign, free and malloc_usable_size of this library, those of
// the Swift runtime in it among them, to the functions here (`--wrap`). They ask the process's allocator. Only where
// that has nothing do they take from a reserve, an array of zeros that costs no memory until it is touched. The program
// and its other libraries do not get here: what they allocate and free is their own.
#include "CLuffyReserve.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void __real_free(void *block);
size_t __real_malloc_usable_size(void *block);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
void __wrap_free(void *block);
size_t __wrap_malloc_usable_size(void *block);

enum {
  reserve_bytes = 16 << 20,
  /// Blocks are powers of two from 64 bytes to 4 MiB, aligned to their size or to a page.
  first_class = 6,
  last_class = 22,
  page = 4096,
};

static _Alignas(4096) unsigned char reserve[reserve_bytes];
/// The class of the block that begins at a multiple of 64 bytes.
static unsigned char class_of[reserve_bytes >> first_class];
/// Blocks that were freed, by class; each holds the next.
static void *freed[last_class + 1];
/// Where no block was yet.
static size_t unused;
static _Atomic size_t used;
static atomic_flag lock = ATOMIC_FLAG_INIT;

static void enter(void) {
  while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) {
  }
}

static void leave(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

static bool is_reserve(const void *block) {
  return (uintptr_t)block - (uintptr_t)reserve < reserve_bytes;
}

static size_t size_of(const void *block) {
  return (size_t)1 << class_of[((uintptr_t)block - (uintptr_t)reserve) >> first_class];
}

static void *take(size_t size, size_t alignment) {
  int class = first_class;
  if (size > (size_t)1 << last_class || alignment > page) return NULL;
  while ((size_t)1 << class < size || ((size_t)1 << class < alignment)) class++;
  const size_t block_size = (size_t)1 << class;
  enter();
  void *block = freed[class];
  if (block != NULL) {
    memcpy(&freed[class], block, sizeof(void *));
  } else {
    const size_t aligned = block_size < page ? block_size : page;
    const size_t start = (unused + aligned - 1) & ~(aligned - 1);
    if (block_size <= reserve_bytes - start) {
      block = reserve + start;
      unused = start + block_size;
      class_of[start >> first_class] = (unsigned char)class;
    }
  }
  leave();
  if (block == NULL) {
    errno = ENOMEM;
    return NULL;
  }
  atomic_fetch_add_explicit(&used, block_size, memory_order_relaxed);
  return block;
}

static void give_back(void *block) {
  const size_t size = size_of(block);
  enter();
  void **list = &freed[class_of[((uintptr_t)block - (uintptr_t)reserve) >> first_class]];
  memcpy(block, list, sizeof(void *));
  *list = block;
  leave();
  atomic_fetch_sub_explicit(&used, size, memory_order_relaxed);
}

void *luffyreserve_take(size_t size) { return take(size, 16); }

bool luffyreserve_give_back(void *block) {
  if (!is_reserve(block)) return false;
  give_back(block);
  return true;
}

void *__wrap_malloc(size_t size) {
  void *block = __real_malloc(size);
  return block != NULL ? block : take(size, 16);
}

void *__wrap_calloc(size_t count, size_t size) {
  void *block = __real_calloc(count, size);
  if (block != NULL || (size != 0 && count > SIZE_MAX / size)) return block;
  block = take(count * size, 16);
  return block == NULL ? NULL : memset(block, 0, count * size);
}

void *__wrap_realloc(void *block, size_t size) {
  if (!is_reserve(block)) {
    void *grown = __real_realloc(block, size);
    if (grown != NULL || size == 0) return grown;
    const size_t held = block == NULL ? 0 : __real_malloc_usable_size(block);
    grown = take(size, 16);
    if (grown == NULL) return NULL;
    memcpy(grown, block == NULL ? grown : block, held < size ? held : size);
    __real_free(block);
    return grown;
  }
  const size_t held = size_of(block);
  if (size <= held && size > 0) return block;
  void *grown = size == 0 ? NULL : __wrap_malloc(size);
  if (grown != NULL) memcpy(grown, block, held);
  if (grown != NULL || size == 0) give_back(block);
  return grown;
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size) {
  const int code = __real_posix_memalign(block, alignment, size);
  if (code != ENOMEM) return code;
  void *found = take(size, alignment);
  if (found == NULL) return ENOMEM;
  *block = found;
  return 0;
}

void __wrap_free(void *block) {
  if (is_reserve(block)) {
    give_back(block);
  } else {
    __real_free(block);
  }
}

size_t __wrap_malloc_usable_size(void *block) {
  return is_reserve(block) ? size_of(block) : __real_malloc_usable_size(block);
}

size_t luffyreserve_used(void) { return atomic_load_explicit(&used, memory_order_relaxed); }

bool luffyreserve_can_allocate(size_t bytes) {
  void *volatile block = __real_malloc(bytes);
  if (block == NULL) return false;
  __real_free(block);
  return true;
}
