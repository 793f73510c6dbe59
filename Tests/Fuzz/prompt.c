/* Fuzzes luffy_render_prompt, the templates of prompts: a name, a NUL, a system text, a NUL, a user's text. Where the
 * system text is empty there is none. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *texts = calloc(size + 3, 1);
  if (texts == NULL) return 0;
  memcpy(texts, data, size);
  const char *system = texts + strlen(texts) + 1;
  if (system > texts + size) system = texts + size;
  const char *user = system + strlen(system) + 1;
  if (user > texts + size + 1) user = texts + size + 1;
  if (system[0] == 0) system = NULL;
  size_t length = 0, written = 0;
  if (fuzz_check(luffy_render_prompt(texts, system, user, NULL, 0, &length)) == LUFFY_OK) {
    char *prompt = malloc(length + 1);
    if (prompt == NULL) abort();
    if (fuzz_check(luffy_render_prompt(texts, system, user, prompt, length + 1, &written)) != LUFFY_OK ||
        written != length || strlen(prompt) != length || strstr(prompt, user) == NULL) {
      fuzz_fail("a prompt without the user's text, or of another length");
    }
    free(prompt);
  }
  free(texts);
  return 0;
}
