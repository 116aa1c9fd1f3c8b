#include "CPicture.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

// The few declarations of libvips and GLib this file uses, so that it builds without their headers. They have been stable
// since libvips 8.13, whose shared object is libvips.so.42 like that of every release since 2015.
typedef struct VipsImage VipsImage;
typedef struct VipsArea VipsArea;

static struct {
    int (*vips_init)(const char *argv0);
    int (*vips_version)(int flag);
    void (*vips_cache_set_max)(int max);
    void (*vips_concurrency_set)(int concurrency);
    void (*vips_block_untrusted_set)(int state);
    void (*vips_operation_block_set)(const char *name, int state);
    void (*vips_error_clear)(void);
    int (*vips_svgload_buffer)(const void *bytes, size_t length, VipsImage **out, ...);
    VipsImage *(*vips_image_new_from_buffer)(const void *bytes, size_t length, const char *options, ...);
    int (*vips_thumbnail_buffer)(const void *bytes, size_t length, VipsImage **out, int width, ...);
    int (*vips_image_get_width)(const VipsImage *image);
    int (*vips_image_get_height)(const VipsImage *image);
    int (*vips_webpsave_buffer)(VipsImage *in, void **bytes, size_t *length, ...);
    int (*vips_pngsave_buffer)(VipsImage *in, void **bytes, size_t *length, ...);
    int (*vips_jpegsave_buffer)(VipsImage *in, void **bytes, size_t *length, ...);
    VipsArea *(*vips_array_double_newv)(int n, ...);
    void (*vips_area_unref)(VipsArea *area);
    void (*g_object_unref)(void *object);
    void (*g_free)(void *memory);
} api;

// Values of libvips enumerations: VIPS_ACCESS_SEQUENTIAL and VipsSize.
enum { ACCESS_SEQUENTIAL = 1, SIZE_DOWN = 2, SIZE_FORCE = 3 };

static int state = -1;

static bool load(void) {
    void *library = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return false;
    }
    struct {
        const char *name;
        void **function;
    } wanted[] = {
#define WANT(name) {#name, (void **)&api.name}
        WANT(vips_init),
        WANT(vips_version),
        WANT(vips_cache_set_max),
        WANT(vips_concurrency_set),
        WANT(vips_block_untrusted_set),
        WANT(vips_operation_block_set),
        WANT(vips_error_clear),
        WANT(vips_svgload_buffer),
        WANT(vips_image_new_from_buffer),
        WANT(vips_thumbnail_buffer),
        WANT(vips_image_get_width),
        WANT(vips_image_get_height),
        WANT(vips_webpsave_buffer),
        WANT(vips_pngsave_buffer),
        WANT(vips_jpegsave_buffer),
        WANT(vips_array_double_newv),
        WANT(vips_area_unref),
        WANT(g_object_unref),
        WANT(g_free),
#undef WANT
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        // A symbol of a library that libvips depends on is found through the same handle.
        *wanted[i].function = dlsym(library, wanted[i].name);
        if (*wanted[i].function == NULL) {
            return false;
        }
    }
    return true;
}

int cpicture_open(void) {
    if (state >= 0) {
        return state;
    }
    if (!load() || api.vips_init("jimeng") != 0) {
        state = CPICTURE_LIBRARY_MISSING;
        return state;
    }
    api.vips_cache_set_max(0);
    api.vips_concurrency_set(2);
    api.vips_block_untrusted_set(1);
    // Blocking goes by class, so a loader for files and one for memory are meant at once. First all, then the five.
    api.vips_operation_block_set("VipsForeignLoad", 1);
    api.vips_operation_block_set("VipsForeignLoadWebp", 0);
    api.vips_operation_block_set("VipsForeignLoadPng", 0);
    api.vips_operation_block_set("VipsForeignLoadJpeg", 0);
    api.vips_operation_block_set("VipsForeignLoadNsgif", 0);
    api.vips_operation_block_set("VipsForeignLoadSvg", 0);
    state = CPICTURE_OK;
    return state;
}

int cpicture_version(void) {
    if (state != CPICTURE_OK) {
        return 0;
    }
    return api.vips_version(0) * 1000000 + api.vips_version(1) * 1000 + api.vips_version(2);
}

static int encode(VipsImage *image, cpicture_output output, cpicture_bytes *result) {
    int failed;
    switch (output.format) {
        case CPICTURE_WEBP:
            failed = api.vips_webpsave_buffer(image, &result->bytes, &result->length, "Q", output.quality, "effort",
                                              output.effort, "strip", 1, (char *)NULL);
            break;
        case CPICTURE_PNG:
            failed = api.vips_pngsave_buffer(image, &result->bytes, &result->length, "strip", 1, (char *)NULL);
            break;
        case CPICTURE_JPEG: {
            // JPEG has no transparency: what shines through is white.
            VipsArea *white = api.vips_array_double_newv(1, 255.0);
            failed = api.vips_jpegsave_buffer(image, &result->bytes, &result->length, "Q", output.quality, "strip", 1,
                                              "background", white, (char *)NULL);
            api.vips_area_unref(white);
            break;
        }
        default:
            return CPICTURE_NOT_WRITTEN;
    }
    if (failed) {
        cpicture_free(result);
        return CPICTURE_NOT_WRITTEN;
    }
    return CPICTURE_OK;
}

// Encodes, gives the image back and forgets what the library noted about errors.
static int finish(VipsImage *image, cpicture_output output, cpicture_bytes *result) {
    int code = encode(image, output, result);
    api.g_object_unref(image);
    api.vips_error_clear();
    return code;
}

int cpicture_render_svg(const void *svg, size_t length, int width, int height, cpicture_output output,
                        cpicture_bytes *result) {
    result->bytes = NULL;
    result->length = 0;
    int code = cpicture_open();
    if (code != CPICTURE_OK) {
        return code;
    }
    VipsImage *image = NULL;
    if (api.vips_svgload_buffer(svg, length, &image, (char *)NULL) != 0) {
        api.vips_error_clear();
        return CPICTURE_UNREADABLE;
    }
    // Loading reads the header only. A drawing of another size is scaled while it is drawn, so nothing gets blurred.
    if (api.vips_image_get_width(image) != width || api.vips_image_get_height(image) != height) {
        api.g_object_unref(image);
        image = NULL;
        if (api.vips_thumbnail_buffer(svg, length, &image, width, "height", height, "size", SIZE_FORCE, (char *)NULL) !=
            0) {
            api.vips_error_clear();
            return CPICTURE_UNREADABLE;
        }
    }
    return finish(image, output, result);
}

// Opens a picture without decoding its pixels and checks its size.
static int open_bounded(const void *picture, size_t length, int64_t pixel_limit, VipsImage **image) {
    int code = cpicture_open();
    if (code != CPICTURE_OK) {
        return code;
    }
    *image = api.vips_image_new_from_buffer(picture, length, "", "access", ACCESS_SEQUENTIAL, (char *)NULL);
    if (*image == NULL) {
        api.vips_error_clear();
        return CPICTURE_UNREADABLE;
    }
    int64_t pixels = (int64_t)api.vips_image_get_width(*image) * api.vips_image_get_height(*image);
    if (pixels > pixel_limit) {
        api.g_object_unref(*image);
        *image = NULL;
        return CPICTURE_TOO_LARGE;
    }
    return CPICTURE_OK;
}

int cpicture_convert(const void *picture, size_t length, int64_t pixel_limit, cpicture_output output,
                     cpicture_bytes *result) {
    result->bytes = NULL;
    result->length = 0;
    VipsImage *image = NULL;
    int code = open_bounded(picture, length, pixel_limit, &image);
    if (code != CPICTURE_OK) {
        return code;
    }
    return finish(image, output, result);
}

int cpicture_thumbnail(const void *picture, size_t length, int side, int64_t pixel_limit, cpicture_output output,
                       cpicture_bytes *result) {
    result->bytes = NULL;
    result->length = 0;
    VipsImage *image = NULL;
    int code = open_bounded(picture, length, pixel_limit, &image);
    if (code != CPICTURE_OK) {
        return code;
    }
    api.g_object_unref(image);
    image = NULL;
    if (api.vips_thumbnail_buffer(picture, length, &image, side, "height", side, "size", SIZE_DOWN, (char *)NULL) != 0) {
        api.vips_error_clear();
        return CPICTURE_UNREADABLE;
    }
    return finish(image, output, result);
}

void cpicture_free(cpicture_bytes *bytes) {
    if (bytes->bytes != NULL) {
        api.g_free(bytes->bytes);
    }
    bytes->bytes = NULL;
    bytes->length = 0;
}

void cpicture_ignore_broken_pipes(void) {
    signal(SIGPIPE, SIG_IGN);
}

void cpicture_prepare_process(void) {
    cpicture_ignore_broken_pipes();
    signal(SIGINT, SIG_IGN);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
