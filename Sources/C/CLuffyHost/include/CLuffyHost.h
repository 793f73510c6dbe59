// What a library must be careful about inside somebody else's process: signal handlers that call it, forks, and the
// environment variables of the Swift runtime. C, because nothing here may be made lazily.
#ifndef CLUFFYHOST_H
#define CLUFFYHOST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LUFFY_HIDDEN __attribute__((visibility("hidden")))

// -------------------------------------------------------------------------------------------------------------------
// Forks.

/// How many forks lie between the process that loaded the library and this one.
LUFFY_HIDDEN uint32_t luffy_fork_generation(void);

/// A lock that a fork does not leave behind: one that was held by a thread of the parent is free in the child.
///
/// Whoever takes it there finds what it guards as it was at the fork; see `Guarded`. All bits clear is free.
typedef struct luffy_lock {
  uint32_t word;
} luffy_lock;

LUFFY_HIDDEN void luffy_lock_acquire(luffy_lock *lock);
LUFFY_HIDDEN void luffy_lock_release(luffy_lock *lock);

// -------------------------------------------------------------------------------------------------------------------
// Cancelling, from signal handlers too: plain atomic additions.

/// What an opaque pointer of luffy.h points to.
typedef struct luffy_handle_box {
  uint64_t tag;
  void *object;
  /// How often the object's calls were cancelled; NULL where they cannot be.
  uint64_t *cancellations;
} luffy_handle_box;

/// The tags of the handles whose calls can be cancelled.
#define LUFFY_MODEL_TAG 0x6c756666796d6f64
#define LUFFY_TRAINER_TAG 0x6c75666679747261
#define LUFFY_RUN_TAG 0x6c7566667972756e

/// How often luffy_cancel was called.
LUFFY_HIDDEN uint64_t luffy_cancellations_everywhere(void);

static inline uint64_t luffy_cancellations(const uint64_t *count) { return __atomic_load_n(count, __ATOMIC_RELAXED); }
static inline void luffy_count_cancellation(uint64_t *count) { __atomic_fetch_add(count, 1, __ATOMIC_RELAXED); }

#ifdef __cplusplus
}
#endif
#endif
