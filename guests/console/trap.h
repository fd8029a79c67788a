/* Traps, and the interrupt controller in front of the UART. */
#ifndef TRAP_H
#define TRAP_H

#include <stdint.h>

void trap_init(void);
/* Called by trap_entry; returns the pc at which to go on. */
uintptr_t trap(uint64_t cause, uintptr_t pc, uint64_t value);
/* Loads 32 bits; 0 when that traps, and then trap_last_cause and trap_last_value say how. */
int probe_load(uintptr_t address, uint64_t *value);
uint64_t trap_last_cause(void);
uint64_t trap_last_value(void);

#endif
