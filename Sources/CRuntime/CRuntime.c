#include "CRuntime.h"

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__)
#include <malloc.h>
void jimeng_release_free_memory(void) { malloc_trim(0); }
#else
void jimeng_release_free_memory(void) {}
#endif
