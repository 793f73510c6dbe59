/* dlclose of a library whose threads live, and beside a thread that has an error text of its: nothing falls. The path of the
   library is the argument. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <luffy.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

static void *library;
static sem_t failed, closed;

/* C99 has no cast from an object pointer to a function pointer. */
static luffy_status set_threads(int32_t count) {
  luffy_status (*function)(int32_t);
  void *symbol = dlsym(library, "luffy_set_threads");
  memcpy(&function, &symbol, sizeof function);
  return function(count);
}

static void *fail(void *unused) {
  (void)unused;
  set_threads(-1);
  sem_post(&failed);
  sem_wait(&closed); /* at its end the thread frees its error text */
  return NULL;
}

int main(int count, char **arguments) {
  pthread_t thread;
  int round;
  if (count != 2) return 2;
  for (round = 0; round < 4; round++) {
    library = dlopen(arguments[1], RTLD_NOW);
    if (library == NULL) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    if (set_threads(2 + round % 2) != LUFFY_OK) return 1;
    sem_init(&failed, 0, 0);
    sem_init(&closed, 0, 0);
    if (pthread_create(&thread, NULL, fail, NULL) != 0) return 1;
    sem_wait(&failed);
    if (dlclose(library) != 0) return 1;
    sem_post(&closed);
    pthread_join(thread, NULL);
  }
  return 0;
}
