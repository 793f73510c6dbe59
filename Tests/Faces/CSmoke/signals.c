/* luffy_cancel in a signal handler that fires at any moment of a process's first calls; and no signal handler, no line on
   a stream, that is the library's: whatever the environment asks of the Swift runtime inside it. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

static const int32_t ids[2] = {1, 2};
static const size_t length = 2;

static void cancel(int number) {
  (void)number;
  luffy_cancel();
}

static void first_calls(void) {
  luffy_model *model = NULL;
  float logprobs[2];
  if (luffy_model_create(smoke_model, 1, NULL, &model) == LUFFY_OK) {
    luffy_model_score(model, ids, &length, 1, 1.0f, logprobs, NULL);
    luffy_model_destroy(model);
  }
}

/* One process whose first calls are interrupted from `delay` nanoseconds on. True where it ended by itself. */
static int survives(long delay) {
  int result = -1;
  pid_t child = fork();
  if (child == 0) {
    pid_t self = getpid();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = cancel;
    sigaction(SIGUSR1, &action, NULL);
    alarm(10);
    if (fork() == 0) {
      struct timespec time;
      int shot;
      time.tv_sec = 0;
      time.tv_nsec = delay;
      nanosleep(&time, NULL);
      for (shot = 0; shot < 40; shot++) kill(self, SIGUSR1);
      _exit(0);
    }
    first_calls();
    _exit(0);
  }
  while (waitpid(child, &result, 0) < 0) EXPECT(errno == EINTR);
  return WIFEXITED(result) && WEXITSTATUS(result) == 0;
}

/* Signals of faults are whoever's they were: nobody's. */
static int has_handlers(void) {
  static const int faults[] = {SIGSEGV, SIGILL, SIGBUS, SIGFPE, SIGABRT, SIGTRAP, SIGQUIT, SIGTERM, SIGINT};
  size_t index;
  for (index = 0; index < sizeof faults / sizeof *faults; index++) {
    struct sigaction action;
    if (sigaction(faults[index], NULL, &action) != 0 || action.sa_handler != SIG_DFL) return 1;
  }
  return 0;
}

/* This program again, where the environment is set before the library is loaded. */
static void expect_silence(char *program) {
  int streams[2], result = -1;
  char text[64];
  ssize_t count;
  pid_t child;
  EXPECT(pipe(streams) == 0);
  child = fork();
  if (child == 0) {
    dup2(streams[1], 1);
    dup2(streams[1], 2);
    close(streams[0]);
    close(streams[1]);
    setenv("SWIFT_BACKTRACE", "enable=yes,color=no", 1);
    setenv("SWIFT_DEBUG_HELP", "YES", 1);
    execl(program, program, "again", (char *)NULL);
    _exit(99);
  }
  close(streams[1]);
  count = read(streams[0], text, sizeof text - 1);
  text[count > 0 ? count : 0] = '\0';
  close(streams[0]);
  EXPECT(waitpid(child, &result, 0) == child);
  if (count != 0) fprintf(stderr, "it printed: %s\n", text);
  EXPECT(count == 0);
  EXPECT(WIFEXITED(result) && WEXITSTATUS(result) == 0);
}

int main(int count, char **arguments) {
  long attempt;
  if (count > 1) {
    first_calls();
    return has_handlers();
  }
  for (attempt = 0; attempt < 300; attempt++) EXPECT(survives(attempt * 7919 % 4000000));
  expect_silence(arguments[0]);
  first_calls();
  EXPECT(!has_handlers());
  return 0;
}
