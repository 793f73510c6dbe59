#include "CLuffyHost.h"

#include <stddef.h>

#include "luffy.h"

static uint64_t everywhere;

uint64_t luffy_cancellations_everywhere(void) { return luffy_cancellations(&everywhere); }

void luffy_cancel(void) { luffy_count_cancellation(&everywhere); }

/// The handle's calls, where the pointer is a handle of that tag; the rule of `Handle.find`.
static void cancel(void *pointer, uint64_t tag) {
  luffy_handle_box *box = pointer;
  if (box == NULL || (uintptr_t)pointer % _Alignof(luffy_handle_box) != 0 || box->tag != tag) return;
  if (box->cancellations != NULL) luffy_count_cancellation(box->cancellations);
}

void luffy_model_cancel(luffy_model *model) { cancel(model, LUFFY_MODEL_TAG); }

void luffy_run_cancel(luffy_run *run) { cancel(run, LUFFY_RUN_TAG); }

void luffy_trainer_cancel(luffy_trainer *trainer) { cancel(trainer, LUFFY_TRAINER_TAG); }
