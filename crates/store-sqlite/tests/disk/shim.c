/* A disk that fails: preloaded into a process of the test, it counts the calls that change files below one
   directory, writes their names to a log, and lets one of them, or all from one on, fail, or cuts the power.

   What a cut leaves is in a second directory, the image: of each file what was there at its last sync. As on
   Linux, what a failed sync did not write is taken for written: it can still be read, and no later sync writes
   it. What is not synced when the power is cut is there or not, page by page. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FILES 1024
static char names[MAX_FILES][32];
static long calls;
static long syncs;

static long setting(const char *name) {
    const char *value = getenv(name);
    return value ? atol(value) : 0;
}

/* The last part of a path below the directory, or nothing. */
static const char *name_of(const char *path) {
    const char *directory = getenv("DISK_DIRECTORY");
    if (!directory || strncmp(path, directory, strlen(directory)) != 0) return 0;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

#define PAGE 4096
#define MAX_PAGES (1 << 14)
static struct {
    char name[32];
    unsigned char is_dirty[MAX_PAGES];
} files[8];

/* The pages of a file that the system has yet to write. */
static unsigned char *dirty_pages(const char *name) {
    for (int i = 0; i < 8; i++) {
        if (!files[i].name[0]) snprintf(files[i].name, sizeof files[i].name, "%s", name);
        if (strcmp(files[i].name, name) == 0) return files[i].is_dirty;
    }
    abort();
}

static void wrote(const char *name, off64_t at, ssize_t count) {
    if (count <= 0) return;
    if ((at + count) / PAGE >= MAX_PAGES) abort();
    memset(dirty_pages(name) + at / PAGE, 1, (at + count - 1) / PAGE - at / PAGE + 1);
}

static int open_in(const char *directory, const char *name, int flags) {
    static int (*real_open)(const char *, int, ...);
    if (!real_open) real_open = dlsym(RTLD_NEXT, "open");
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return real_open(path, flags | O_CLOEXEC, 0600);
}

/* Brings the dirty pages of a file to the image: all of them, or those that a number picks. */
static void settle(const char *name, long picked_by) {
    static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
    static int (*real_truncate)(int, off64_t);
    static int (*real_close)(int);
    if (!real_pwrite) {
        real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
        real_truncate = dlsym(RTLD_NEXT, "ftruncate64");
        real_close = dlsym(RTLD_NEXT, "close");
    }
    const char *image = getenv("DISK_IMAGE");
    int from = image ? open_in(getenv("DISK_DIRECTORY"), name, O_RDONLY) : -1;
    if (from < 0) return;
    int to = open_in(image, name, O_RDWR | O_CREAT);
    unsigned char *is_dirty = dirty_pages(name);
    for (long page = 0; page < MAX_PAGES; page++) {
        char bytes[PAGE];
        if (!is_dirty[page]) continue;
        if (picked_by && (page * 7 + picked_by) % 3 == 0) continue;
        ssize_t count = pread(from, bytes, PAGE, page * (off64_t)PAGE);
        if (count > 0) real_pwrite(to, bytes, count, page * (off64_t)PAGE);
    }
    struct stat now;
    if (!picked_by && fstat(from, &now) == 0) real_truncate(to, now.st_size);
    memset(is_dirty, 0, MAX_PAGES);
    real_close(from);
    real_close(to);
}

static void synced(const char *name) {
    if (strncmp(name, "till.db", 7) == 0) settle(name, 0);
}

static void sync_failed(const char *name) {
    memset(dirty_pages(name), 0, MAX_PAGES);
}

static void cut(long at) {
    for (int i = 0; i < 8 && files[i].name[0]; i++) settle(files[i].name, at);
    _exit(0);
}

/* Counts a call, and says whether it fails. */
static int fails(const char *call, const char *name) {
    static int log = -1;
    static int (*real_open)(const char *, int, ...);
    static ssize_t (*real_write)(int, const void *, size_t);
    if (log < 0) {
        real_open = dlsym(RTLD_NEXT, "open");
        real_write = dlsym(RTLD_NEXT, "write");
        log = real_open(getenv("DISK_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    }
    char line[80];
    int length = snprintf(line, sizeof line, "%s %s\n", call, name);
    real_write(log, line, length);
    calls += 1;
    if (calls == setting("DISK_CUT_AT")) cut(calls);
    if (strstr(call, "sync") && strncmp(name, "till.db", 7) == 0) {
        syncs += 1;
        if (syncs == setting("DISK_SYNC_FAILS_AT")) {
            errno = EIO;
            return 1;
        }
    }
    long at = setting("DISK_FAILS_AT");
    if (at == 0 || calls < at || (calls > at && !setting("DISK_STAYS_BROKEN"))) return 0;
    errno = setting("DISK_ERRNO");
    return 1;
}

static const char *file(int fd) {
    return fd >= 0 && fd < MAX_FILES && names[fd][0] ? names[fd] : 0;
}

static int opened(int fd, const char *name) {
    if (fd >= 0 && fd < MAX_FILES) {
        names[fd][0] = 0;
        if (name) snprintf(names[fd], sizeof names[fd], "%s", name);
    }
    return fd;
}

/* Looking is not opening: only what may write counts. The directory itself is opened to be synced. */
static int open_fails(const char *name, int flags) {
    return name && ((flags & O_ACCMODE) != O_RDONLY) && fails("open", name);
}

#define OPEN(function)                                                                     \
    int function(const char *path, int flags, ...) {                                       \
        static int (*real)(const char *, int, ...);                                        \
        if (!real) real = dlsym(RTLD_NEXT, #function);                                     \
        va_list arguments;                                                                 \
        va_start(arguments, flags);                                                        \
        int mode = va_arg(arguments, int);                                                 \
        va_end(arguments);                                                                 \
        const char *name = name_of(path);                                                  \
        if (open_fails(name, flags)) return -1;                                            \
        return opened(real(path, flags, mode), name);                                      \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(function)                                                                   \
    int function(int at, const char *path, int flags, ...) {                               \
        static int (*real)(int, const char *, int, ...);                                   \
        if (!real) real = dlsym(RTLD_NEXT, #function);                                     \
        va_list arguments;                                                                 \
        va_start(arguments, flags);                                                        \
        int mode = va_arg(arguments, int);                                                 \
        va_end(arguments);                                                                 \
        const char *name = name_of(path);                                                  \
        if (open_fails(name, flags)) return -1;                                            \
        return opened(real(at, path, flags, mode), name);                                  \
    }
OPENAT(openat)
OPENAT(openat64)

#define ON_FILE(type, function, parameters, arguments, failed, done)                       \
    type function parameters {                                                             \
        static type (*real) parameters;                                                    \
        if (!real) real = dlsym(RTLD_NEXT, #function);                                     \
        const char *name = file(fd);                                                       \
        if (name && fails(#function, name)) {                                              \
            failed;                                                                        \
            return -1;                                                                     \
        }                                                                                  \
        type result = real arguments;                                                      \
        if (name && result >= 0) done;                                                     \
        return result;                                                                     \
    }
#define HERE (lseek64(fd, 0, SEEK_CUR) - result)
ON_FILE(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count), , wrote(name, HERE, result))
ON_FILE(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), ,
        wrote(name, HERE, result))
ON_FILE(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at), ,
        wrote(name, at, result))
ON_FILE(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at), ,
        wrote(name, at, result))
ON_FILE(int, fsync, (int fd), (fd), sync_failed(name), synced(name))
ON_FILE(int, fdatasync, (int fd), (fd), sync_failed(name), synced(name))
ON_FILE(int, ftruncate, (int fd, off_t length), (fd, length), , (void)0)
ON_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length), , (void)0)

/* With this the standard library looks at a file, by name or open: every fifth look, all have other numbers. */
int statx(int at, const char *path, int flags, unsigned int mask, struct statx *found) {
    static int (*real)(int, const char *, int, unsigned int, struct statx *);
    static long looks;
    if (!real) real = dlsym(RTLD_NEXT, "statx");
    int result = real(at, path, flags, mask, found);
    if (result == 0 && setting("DISK_RENUMBERS")) found->stx_ino += ++looks / 5;
    return result;
}

/* Names are taken to change at once. */
int unlink(const char *path) {
    static int (*real)(const char *);
    if (!real) real = dlsym(RTLD_NEXT, "unlink");
    int result = real(path);
    const char *name = name_of(path);
    const char *image = getenv("DISK_IMAGE");
    if (result == 0 && name && image) {
        char there[4096];
        snprintf(there, sizeof there, "%s/%s", image, name);
        real(there);
        memset(dirty_pages(name), 0, MAX_PAGES);
    }
    return result;
}

int chmod(const char *path, mode_t mode) {
    static int (*real)(const char *, mode_t);
    if (!real) real = dlsym(RTLD_NEXT, "chmod");
    const char *name = name_of(path);
    if (name && fails("chmod", name)) return -1;
    return real(path, mode);
}

int close(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "close");
    if (fd >= 0 && fd < MAX_FILES) names[fd][0] = 0;
    return real(fd);
}
