/* As much of a flattened device tree as this guest wants to know. */
#ifndef FDT_H
#define FDT_H

#include <stdint.h>

/* Bytes of the whole tree; 0 if there is none at the address. */
uint64_t fdt_size(uintptr_t tree);
/* Bytes of RAM, from the first node whose name starts with "memory@"; 0 if there is none. */
uint64_t fdt_memory(uintptr_t tree);

#endif
