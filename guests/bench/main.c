/* Runs one program, prints its line, and powers off. */
#include "bench.h"
#include "board.h"
#include "print.h"
#include "uart.h"

#define LINE_STATUS (UART_BASE + 5)
#define HOLDING_EMPTY 0x20

void uart_put(char c)
{
    while (!(read8(LINE_STATUS) & HOLDING_EMPTY)) {
    }
    write8(UART_BASE, (uint8_t)c);
}

/* Called by start.S: none of these programs traps. */
void trap(uint64_t cause, uint64_t pc, uint64_t value)
{
    print("unexpected trap: cause %x pc %x value %x\n", cause, pc, value);
    test_device(99U << 16 | TEST_FAIL);
}

void require(int holds, const char *what)
{
    if (!holds) {
        print(NAME " is wrong: %s\n", what);
        test_device(1U << 16 | TEST_FAIL);
    }
}

int main(void)
{
    uint64_t checksum = bench(LENGTH);
    print(NAME " %u checksum %x\n", (uint64_t)LENGTH, checksum);
    test_device(TEST_PASS);
}
