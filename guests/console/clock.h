/* The three clocks of the board: the tick (CLINT timer interrupt), mtime and the wall clock (goldfish RTC). */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#define TICKS_PER_SECOND 100UL

void clock_init(void);
/* Called by the trap handler for the timer's interrupt. */
void clock_interrupt(void);
uint64_t clock_ticks(void);
uint64_t clock_mtime(void);
/* Nanoseconds since 1970-01-01T00:00:00Z. */
uint64_t clock_wall(void);
/* Prints a time of clock_wall as 2026-01-01T12:34:56.123456789Z. */
void clock_print_wall(uint64_t nanoseconds);

#endif
