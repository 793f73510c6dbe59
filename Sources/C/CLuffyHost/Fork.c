#define _GNU_SOURCE
#include "CLuffyHost.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

static uint32_t generation;

uint32_t luffy_fork_generation(void) { return __atomic_load_n(&generation, __ATOMIC_RELAXED); }

#if defined(__linux__)
// The Swift runtime's locks name their owner by a thread id that each thread asks for once. The thread that forks keeps
// its parent's number, with which its locks deadlock against the child's other threads. This is the runtime's own variable:
// two weak definitions of one name are one variable where the runtime is linked statically, and this one is unused elsewhere.
__attribute__((weak, visibility("hidden"))) __thread uint32_t luffy_runtime_thread_id __asm__(
    "_ZZN5swift14threading_impl5linux13ulock_get_tidEvE3tid");
#endif

static void in_child(void) {
  __atomic_fetch_add(&generation, 1, __ATOMIC_RELAXED);
#if defined(__linux__)
  if (luffy_runtime_thread_id != 0) luffy_runtime_thread_id = (uint32_t)syscall(SYS_gettid);
#endif
}

__attribute__((constructor)) static void watch_forks(void) { pthread_atfork(NULL, NULL, in_child); }

// -------------------------------------------------------------------------------------------------------------------
// The lock. Its word is 0 when it is free, else the generation of its owner and one of two states.

enum { HELD = 1, WAITED_FOR = 2, STATE = 3 };

static void wait_for_change(uint32_t *word, uint32_t seen) {
#if defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
#else
  (void)word, (void)seen;
  sched_yield();
#endif
}

void luffy_lock_acquire(luffy_lock *lock) {
  const uint32_t mine = luffy_fork_generation() << 2;
  uint32_t wanted = mine | HELD;
  uint32_t seen = 0;
  while (!__atomic_compare_exchange_n(&lock->word, &seen, wanted, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    // Held by a thread that the fork did not copy: the next round takes it over.
    if (seen == 0 || (seen & ~(uint32_t)STATE) != mine) continue;
    // From here on this thread cannot know whether others wait too.
    wanted = mine | WAITED_FOR;
    if (seen == wanted || __atomic_compare_exchange_n(
                              &lock->word, &seen, wanted, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      wait_for_change(&lock->word, wanted);
    }
    seen = 0;
  }
}

void luffy_lock_release(luffy_lock *lock) {
  const uint32_t was = __atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE);
#if defined(__linux__)
  if ((was & STATE) == WAITED_FOR) syscall(SYS_futex, &lock->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
#else
  (void)was;
#endif
}

// -------------------------------------------------------------------------------------------------------------------
// What the library's link puts in the place of two functions of the Swift runtime (`--wrap` in Package.swift).

// Lazily made values, `swift_once` in Swift. The runtime's own waits for ever in a child for a thread that was making one at
// the fork; here the child makes it again. A predicate is 0 before, negative after, and else one and the maker's generation.
LUFFY_HIDDEN void luffy_once(intptr_t *predicate, void (*make)(void *), void *context) __asm__(
    "__wrap__ZN5swift14threading_impl9once_slowERNS0_6once_tEPFvPvES3_");

void luffy_once(intptr_t *predicate, void (*make)(void *), void *context) {
  const intptr_t making = 1 + (intptr_t)luffy_fork_generation();
  intptr_t seen = 0;
  for (;;) {
    if (__atomic_compare_exchange_n(predicate, &seen, making, 0, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
      make(context);
      __atomic_store_n(predicate, -1, __ATOMIC_RELEASE);
      return;
    }
    if (seen < 0) return;
    if (seen != making) continue;
    // Rare and short: somebody else makes it now.
    const struct timespec pause = {0, 20000};
    nanosleep(&pause, NULL);
    seen = 0;
  }
}

// The runtime's debugging variables, SWIFT_BACKTRACE among them, are for programs: in a library they would print to the
// host's streams and take its signals. None is read.
LUFFY_HIDDEN void luffy_read_environment(void *context) __asm__(
    "__wrap__ZN5swift7runtime11environment10initializeEPv");

void luffy_read_environment(void *context) { (void)context; }
