#ifndef CPICTURE_H
#define CPICTURE_H

#include <stddef.h>
#include <stdint.h>

// Picture work by libvips, which is loaded with dlopen when first asked for. Nothing here needs the library's headers to
// build, and a process that never calls cpicture_open never maps it. No function is safe to call from two threads at once:
// the picture worker is a loop on one thread.

// Results of every function that can fail.
enum {
    CPICTURE_OK = 0,
    CPICTURE_LIBRARY_MISSING = 1,  // libvips.so.42 cannot be loaded, or lacks a function this file needs
    CPICTURE_UNREADABLE = 2,       // the bytes are not a picture that can be decoded
    CPICTURE_TOO_LARGE = 3,        // more pixels than the caller allows
    CPICTURE_NOT_WRITTEN = 4,      // decoding worked or was not reached, encoding failed
};

enum {
    CPICTURE_WEBP = 1,
    CPICTURE_PNG = 2,
    CPICTURE_JPEG = 3,
};

// What to write. `effort` (0 fast to 6 small) is for WebP only; `quality` (1 to 100) for WebP and JPEG.
typedef struct {
    int format;
    int quality;
    int effort;
} cpicture_output;

// Bytes that the library allocated; give them back with cpicture_free.
typedef struct {
    void *bytes;
    size_t length;
} cpicture_bytes;

// Loads and starts libvips: caches off, two threads, every loader blocked but those of WebP, PNG, JPEG, GIF and SVG.
// Calling it again gives the first result again.
int cpicture_open(void);

// Three numbers, major * 1000000 + minor * 1000 + micro, or 0 when the library is not open.
int cpicture_version(void);

// Draws an SVG at exactly width x height. The caller has bounded the sizes and wrote the SVG itself.
int cpicture_render_svg(const void *svg, size_t length, int width, int height, cpicture_output output,
                        cpicture_bytes *result);

// Decodes a whole picture and encodes it anew. The caller has looked at the first bytes: SVG must not get here.
int cpicture_convert(const void *picture, size_t length, int64_t pixel_limit, cpicture_output output,
                     cpicture_bytes *result);

// As cpicture_convert, scaled down so that neither side exceeds `side`; never scaled up.
int cpicture_thumbnail(const void *picture, size_t length, int side, int64_t pixel_limit, cpicture_output output,
                       cpicture_bytes *result);

void cpicture_free(cpicture_bytes *bytes);

// Prepares a process that does nothing but picture work: it ends when its input ends, not by a Ctrl-C meant for its owner
// nor by writing to a closed pipe, and it leaves no core file when a decoder makes it crash.
void cpicture_prepare_process(void);

// Makes writing to a closed pipe an error of the write instead of the end of this process.
void cpicture_ignore_broken_pipes(void);

#endif
