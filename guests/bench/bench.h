/*
 * What the programs of this folder share. Each is one computation that prints a checksum at its end: no clock, no
 * interrupt, no input, so any machine that computes correctly prints the same line.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

/* The program's own part, called once; LENGTH is how often it does its work, a constant of the build. */
uint64_t bench(uint64_t length);

/* Ends the machine with a failure unless it holds: a program checks its own work. */
void require(int holds, const char *what);

/* Big memory that start.S need not clear: what is in it before the first store is not to be looked at. */
#define BULK __attribute__((section(".bulk")))

#define SEED 0x9e3779b97f4a7c15UL

/* xorshift64*: seeded, so that every run computes the same. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545f4914f6cdd1dUL;
}

/* From 0 to bound - 1; bound is at most 2^32. */
static inline uint32_t random_below(uint64_t *state, uint64_t bound)
{
    return (uint32_t)((random_next(state) >> 32) * bound >> 32);
}

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0xff51afd7ed558ccdUL;
    return hash ^ hash >> 29;
}

#endif
