#ifndef LUFFY_H
#define LUFFY_H
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
int32_t luffy_abi_version(void);
#ifdef __cplusplus
}
#endif
#endif
