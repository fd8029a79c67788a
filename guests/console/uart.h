/* The console: output by polling, input by receive interrupts into a ring. */
#ifndef UART_H
#define UART_H

#include <stdint.h>

/* One byte from the console and what the machine's counters said when the guest took it. */
struct arrival {
    uint64_t mtime;
    uint64_t instret;
    uint64_t tick;
    uint8_t byte;
};

void uart_init(void);
void uart_put(char c);
/* Called by the trap handler for the UART's interrupt. */
void uart_interrupt(void);
/* Takes the oldest byte; 0 when there is none. Called with interrupts on. */
int uart_take(struct arrival *arrival);
int uart_has_input(void);

#endif
