// The same for C++: destructors of JSON trees allocate, and an exception in one of them ends the process. Texts of the
// library's C++ code allocate here and nowhere else: in C++20 std::string is compiled into it, not called in libstdc++.
#include "CLuffyReserve.h"

#include <new>

extern "C" {

void *__real__Znwm(size_t size);
void *__real__ZnwmRKSt9nothrow_t(size_t size, const std::nothrow_t &tag);
void __real__ZdlPv(void *block);
void __real__ZdlPvm(void *block, size_t size);

void *__wrap__Znwm(size_t size) {
  try {
    return __real__Znwm(size);
  } catch (const std::bad_alloc &) {
    void *block = luffyreserve_take(size);
    if (block == nullptr) throw;
    return block;
  }
}

void *__wrap__ZnwmRKSt9nothrow_t(size_t size, const std::nothrow_t &tag) {
  void *block = __real__ZnwmRKSt9nothrow_t(size, tag);
  return block != nullptr ? block : luffyreserve_take(size);
}

void __wrap__ZdlPv(void *block) {
  if (!luffyreserve_give_back(block)) __real__ZdlPv(block);
}

void __wrap__ZdlPvm(void *block, size_t size) {
  if (!luffyreserve_give_back(block)) __real__ZdlPvm(block, size);
}
}
