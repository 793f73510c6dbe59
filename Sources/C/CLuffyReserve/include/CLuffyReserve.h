// Memory for the moments when malloc has none: the Swift runtime ends the process where a small allocation fails.
#ifndef CLUFFYRESERVE_H
#define CLUFFYRESERVE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes of the reserve that are in use.
size_t luffyreserve_used(void);

/// A block of the reserve; NULL where it has none of that size.
void *luffyreserve_take(size_t size);

/// Gives a block of the reserve back; false for any other.
bool luffyreserve_give_back(void *block);

/// Whether malloc gives so many bytes now. Nothing is kept of them.
bool luffyreserve_can_allocate(size_t bytes);

#ifdef __cplusplus
}
#endif
#endif
