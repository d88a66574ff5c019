/* A disk that fails: preloaded into a process of the test, it counts the calls that change files below one
   directory, writes their names to a log, and lets one of them, or all from one on, fail. */
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

#define ON_FILE(type, function, parameters, arguments)                                     \
    type function parameters {                                                             \
        static type (*real) parameters;                                                    \
        if (!real) real = dlsym(RTLD_NEXT, #function);                                     \
        const char *name = file(fd);                                                       \
        if (name && fails(#function, name)) return -1;                                     \
        return real arguments;                                                             \
    }
ON_FILE(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
ON_FILE(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
ON_FILE(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at))
ON_FILE(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at))
ON_FILE(int, fsync, (int fd), (fd))
ON_FILE(int, fdatasync, (int fd), (fd))
ON_FILE(int, ftruncate, (int fd, off_t length), (fd, length))
ON_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length))

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
