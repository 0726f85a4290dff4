/* Stands between the server and the C library, and knows the write-ahead log by the name of its file.
 *
 * CONCORD_SHIM=hold: what is written to the log is held back until it is synced, so that killing the
 * process loses what a power cut would lose.
 *
 * CONCORD_SHIM=<path>: while the file at that path exists, its first letter says what goes wrong with the log:
 *   s  one sync fails, once: the file is removed
 *   w  one write fails, once: the file is removed
 *   f  the disk is full: half of a write arrives, and then nothing
 *   h  syncs hang
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES_MAX 65536

static struct held {
    char *bytes;
    size_t length, room;
} held[FILES_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int torn;

static int is_log(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (fd < 0 || fd >= FILES_MAX || length < 5)
        return 0;
    path[length] = 0;
    return strcmp(path + length - 4, ".log") == 0 && isdigit((unsigned char)path[length - 5]);
}

static const char *mode(void) {
    const char *given = getenv("CONCORD_SHIM");
    return given ? given : "";
}

static int holds(void) { return strcmp(mode(), "hold") == 0; }

/* The fault that is asked for at this moment, or 0. */
static char fault(void) {
    char letter = 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, mode(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (syscall(SYS_read, fd, &letter, 1) != 1)
            letter = 0;
        syscall(SYS_close, fd);
    }
    return letter;
}

static int fail(int number) {
    errno = number;
    return -1;
}

/* Only one of several threads meets a fault that happens once. */
static int once(char letter) { return fault() == letter && unlink(mode()) == 0; }

static int flush(int fd) {
    struct held *file = &held[fd];
    size_t done = 0;
    while (done < file->length) {
        ssize_t written = syscall(SYS_write, fd, file->bytes + done, file->length - done);
        if (written < 0)
            return -1;
        done += (size_t)written;
    }
    file->length = 0;
    return 0;
}

static ssize_t hold(int fd, const void *bytes, size_t count) {
    struct held *file = &held[fd];
    pthread_mutex_lock(&lock);
    if (file->length + count > file->room) {
        file->room = (file->length + count) * 2;
        file->bytes = realloc(file->bytes, file->room);
        if (file->bytes == NULL)
            abort();
    }
    memcpy(file->bytes + file->length, bytes, count);
    file->length += count;
    pthread_mutex_unlock(&lock);
    return (ssize_t)count;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (mode()[0] && is_log(fd)) {
        if (holds())
            return hold(fd, bytes, count);
        if (once('w'))
            return fail(EIO);
        if (fault() == 'f') {
            if (torn || count < 2)
                return fail(ENOSPC);
            torn = 1;
            return syscall(SYS_write, fd, bytes, count / 2);
        }
    }
    return syscall(SYS_write, fd, bytes, count);
}

static int sync_by(long call, int fd) {
    if (mode()[0] && is_log(fd)) {
        if (holds()) {
            pthread_mutex_lock(&lock);
            int done = flush(fd);
            pthread_mutex_unlock(&lock);
            if (done != 0)
                return done;
        } else if (once('s')) {
            return fail(EIO);
        }
        while (fault() == 'h')
            usleep(1000);
    }
    return (int)syscall(call, fd);
}

int fdatasync(int fd) { return sync_by(SYS_fdatasync, fd); }

int fsync(int fd) { return sync_by(SYS_fsync, fd); }

int close(int fd) {
    if (fd >= 0 && fd < FILES_MAX && held[fd].length > 0) {
        pthread_mutex_lock(&lock);
        flush(fd);
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_close, fd);
}
