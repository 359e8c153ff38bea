/*
 * The wall clock of one process, moved by as many microseconds as stand in the file that MOVED_CLOCK names (eight bytes,
 * the machine's byte order). The file may change at any time. It goes in by LD_PRELOAD.
 *
 * It asks the kernel itself and allocates nothing: redis-server asks for the time while its allocator starts. Clocks
 * that are not the wall clock stay as they are.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *moved_us;

__attribute__((constructor)) static void open_moved_clock(void) {
  const char *path = getenv("MOVED_CLOCK");
  int file = path ? open(path, O_RDONLY) : -1;
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) moved_us = mapped;
  close(file);
}

static int64_t wall_clock_ns(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec + (moved_us ? *moved_us * 1000 : 0);
}

int clock_gettime(clockid_t clock, struct timespec *result) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return syscall(SYS_clock_gettime, clock, result);
  int64_t now = wall_clock_ns();
  result->tv_sec = now / 1000000000;
  result->tv_nsec = now % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
  (void)zone;
  int64_t now = wall_clock_ns();
  result->tv_sec = now / 1000000000;
  result->tv_usec = now % 1000000000 / 1000;
  return 0;
}

time_t time(time_t *result) {
  time_t now = wall_clock_ns() / 1000000000;
  if (result) *result = now;
  return now;
}
