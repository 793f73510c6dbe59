/* What luffy-train reads, in Sources/Faces/luffy-train/Fuzz; scripts/fuzz links targets that include this with it. */
#ifndef LUFFY_FUZZ_TRAINER_H
#define LUFFY_FUZZ_TRAINER_H

#include "fuzz.h"

void luffy_fuzz_run_configuration(const char *path);
void luffy_fuzz_json_lines(const char *path);

#endif
