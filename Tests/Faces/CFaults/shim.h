// What shim.c fails.
#ifndef LUFFY_TEST_SHIM_H
#define LUFFY_TEST_SHIM_H

enum {
  FAULT_MALLOC,
  FAULT_MMAP,
  FAULT_WRITE,
  FAULT_SHORT,
  FAULT_INTERRUPT,
  FAULT_FSYNC,
  FAULT_RENAME,
  FAULT_LINK,
  FAULT_REMOVE,
  FAULT_MKDIR,
  FAULT_OPEN,
  FAULT_CLOSE,
  FAULT_STAT,
};

void fault_arm(int kind, long n, int error, int forever);
long fault_disarm(void);

#endif
