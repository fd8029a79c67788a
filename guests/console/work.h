/* What the guest computes while nobody types, and the hash over all that it has seen. */
#ifndef WORK_H
#define WORK_H

#include <stdint.h>

/* One burst of computation over the table, some ten thousand instructions. */
void work_burst(void);
uint64_t work_bursts(void);
/* A checksum over the table that the bursts have written. */
uint64_t work_checksum(void);

/* Takes a value into the running hash. */
void hash_add(uint64_t value);
uint64_t hash_value(void);

#endif
