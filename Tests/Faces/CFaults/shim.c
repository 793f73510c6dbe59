// LD_PRELOAD: fails the n-th call of one kind, as a full disk, a signal or an empty machine would; and kills the process
// at its n-th call that changes a file.
//
// By functions, for faults.c: `fault_arm(kind, n, errno, always)`, `fault_disarm()` → calls of that kind since.
// By environment, for scripts/test-faults: LUFFY_KILL_AT=n, with LUFFY_KILL_WHEN=before (default), after or torn (half
// of a write is done); LUFFY_FAIL_AT=n, LUFFY_FAIL_ERRNO, LUFFY_FAIL_ALWAYS=1; LUFFY_COUNT_FILE gets the number of calls.
#define _GNU_SOURCE
#include "shim.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

#define REAL(type, name, ...)                                                                      \
  static type (*real)(__VA_ARGS__);                                                                \
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, name)

// MARK: The armed fault

static volatile int armed = -1;
static volatile long nth, seen;
static int code, always;

void fault_arm(int kind, long n, int error, int forever) {
  nth = n;
  code = error;
  always = forever;
  seen = 0;
  armed = kind;
}

long fault_disarm(void) {
  armed = -1;
  return seen;
}

static int strikes(int kind) {
  if (armed != kind) return 0;
  const long now = __sync_add_and_fetch(&seen, 1);
  if (nth == 0 || now < nth || (now > nth && !always)) return 0;
  errno = code;
  return 1;
}

// MARK: Calls that change files, by the environment

static long changes, kill_at, fail_at;
static int fail_code, fail_always;
static char when;

__attribute__((constructor)) static void read_environment(void) {
  const char *text;
  kill_at = (text = getenv("LUFFY_KILL_AT")) ? atol(text) : 0;
  when = (text = getenv("LUFFY_KILL_WHEN")) ? *text : 'b';
  fail_at = (text = getenv("LUFFY_FAIL_AT")) ? atol(text) : 0;
  fail_code = (text = getenv("LUFFY_FAIL_ERRNO")) ? atoi(text) : ENOSPC;
  fail_always = getenv("LUFFY_FAIL_ALWAYS") != NULL;
}

__attribute__((destructor)) static void write_count(void) {
  const char *path = getenv("LUFFY_COUNT_FILE");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%ld\n", changes);
  fclose(file);
}

static void die(void) { kill(getpid(), SIGKILL); }

static long begin_change(void) {
  const long number = __sync_add_and_fetch(&changes, 1);
  if (number == kill_at && when == 'b') die();
  return number;
}

static int change_fails(long number) {
  if (fail_at == 0 || number < fail_at || (number > fail_at && !fail_always)) return 0;
  errno = fail_code;
  return 1;
}

static void end_change(long number) {
  const int error = errno;
  if (number == kill_at && when != 'b') die();
  errno = error;
}

/// A call that changes a file, and may be struck as one of its kind.
#define CHANGE(kind, call)                                                                         \
  const long number = begin_change();                                                              \
  if (change_fails(number) || strikes(kind)) return -1;                                            \
  const int result = call;                                                                         \
  end_change(number);                                                                              \
  return result

// MARK: Memory, left out with FILES_ONLY: programs that are linked with jemalloc keep its allocations.

#ifndef FILES_ONLY
void *malloc(size_t n) { return strikes(FAULT_MALLOC) ? NULL : __libc_malloc(n); }
void *calloc(size_t a, size_t n) { return strikes(FAULT_MALLOC) ? NULL : __libc_calloc(a, n); }
void *realloc(void *p, size_t n) { return strikes(FAULT_MALLOC) ? NULL : __libc_realloc(p, n); }

int posix_memalign(void **block, size_t alignment, size_t n) {
  if (strikes(FAULT_MALLOC)) return ENOMEM;
  *block = __libc_memalign(alignment, n);
  return *block == NULL ? ENOMEM : 0;
}
#endif

void *mmap(void *a, size_t n, int protection, int flags, int file, off_t offset) {
  REAL(void *, "mmap", void *, size_t, int, int, int, off_t);
  return strikes(FAULT_MMAP) ? MAP_FAILED : real(a, n, protection, flags, file, offset);
}

// MARK: Files

ssize_t write(int file, const void *bytes, size_t n) {
  REAL(ssize_t, "write", int, const void *, size_t);
  if (file <= 2) return real(file, bytes, n);
  const long number = begin_change();
  if (change_fails(number) || strikes(FAULT_WRITE) || strikes(FAULT_INTERRUPT)) return -1;
  if (number == kill_at && when == 't') {
    if (real(file, bytes, n / 2) < 0) errno = 0;
    die();
  }
  const ssize_t result = real(file, bytes, n > 3 && strikes(FAULT_SHORT) ? 3 : n);
  end_change(number);
  return result;
}

int fsync(int file) {
  REAL(int, "fsync", int);
  CHANGE(FAULT_FSYNC, real(file));
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  CHANGE(FAULT_RENAME, real(from, to));
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
  CHANGE(FAULT_RENAME, real(a, from, b, to, flags));
}

int linkat(int a, const char *from, int b, const char *to, int flags) {
  REAL(int, "linkat", int, const char *, int, const char *, int);
  CHANGE(FAULT_LINK, real(a, from, b, to, flags));
}

int symlink(const char *text, const char *path) {
  REAL(int, "symlink", const char *, const char *);
  CHANGE(FAULT_LINK, real(text, path));
}

int remove(const char *path) {
  REAL(int, "remove", const char *);
  CHANGE(FAULT_REMOVE, real(path));
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  CHANGE(FAULT_REMOVE, real(path));
}

int rmdir(const char *path) {
  REAL(int, "rmdir", const char *);
  CHANGE(FAULT_REMOVE, real(path));
}

int unlinkat(int directory, const char *path, int flags) {
  REAL(int, "unlinkat", int, const char *, int);
  CHANGE(FAULT_REMOVE, real(directory, path, flags));
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  CHANGE(FAULT_MKDIR, real(path, mode));
}

int ftruncate(int file, off_t size) {
  REAL(int, "ftruncate", int, off_t);
  CHANGE(FAULT_WRITE, real(file, size));
}

int ftruncate64(int file, off_t size) {
  REAL(int, "ftruncate64", int, off_t);
  CHANGE(FAULT_WRITE, real(file, size));
}

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  if ((flags & O_ACCMODE) != O_RDONLY) {
    CHANGE(FAULT_OPEN, real(path, flags, mode));
  }
  return strikes(FAULT_OPEN) ? -1 : real(path, flags, mode);
}

static mode_t mode_of(int flags, va_list list) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
  REAL(int, "open", const char *, int, ...);
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return opened(real, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  REAL(int, "open64", const char *, int, ...);
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return opened(real, path, flags, mode);
}

int close(int file) {
  REAL(int, "close", int);
  const int result = real(file);
  return file > 2 && strikes(FAULT_CLOSE) ? -1 : result;
}

int fstat(int file, struct stat *status) {
  REAL(int, "fstat", int, struct stat *);
  return strikes(FAULT_STAT) ? -1 : real(file, status);
}

DIR *fdopendir(int file) {
  REAL(DIR *, "fdopendir", int);
  return strikes(FAULT_OPEN) ? NULL : real(file);
}
