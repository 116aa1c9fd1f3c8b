#ifndef JIMENG_CZLIB_H
#define JIMENG_CZLIB_H

#include <zlib.h>

// zlib's own ways to begin are macros, which Swift does not see.

/// Begins writing gzip. level: 1 (fast) to 9 (small).
static inline int jimeng_deflate_begin(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// Begins reading. raw: deflate without a head; otherwise gzip and zlib are told apart by their heads.
static inline int jimeng_inflate_begin(z_stream *stream, int raw) {
    return inflateInit2(stream, raw ? -15 : 15 + 32);
}

#endif
