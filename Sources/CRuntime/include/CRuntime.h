#ifndef JIMENG_CRUNTIME_H
#define JIMENG_CRUNTIME_H

/// Gives freed memory back to the system. glibc keeps it otherwise: after a burst of connections the process would
/// stay at its peak size for ever. Takes a few milliseconds to a few dozen; does nothing with another C library.
void jimeng_release_free_memory(void);

#endif
