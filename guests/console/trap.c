#include "trap.h"
#include "board.h"
#include "clock.h"
#include "print.h"
#include "uart.h"

/* Context 0 of the PLIC is machine mode on hart 0. */
#define PLIC_PRIORITY(irq) (PLIC_BASE + 4UL * (irq))
#define PLIC_ENABLE (PLIC_BASE + 0x2000)
#define PLIC_THRESHOLD (PLIC_BASE + 0x200000)
#define PLIC_CLAIM (PLIC_BASE + 0x200004)

extern char probe_instruction[];
extern char probe_fault[];

static uint64_t last_cause;
static uint64_t last_value;

void trap_init(void)
{
    write32(PLIC_PRIORITY(UART_IRQ), 1);
    write32(PLIC_ENABLE, 1U << UART_IRQ);
    write32(PLIC_THRESHOLD, 0);
    csr_set(mie, MIE_EXTERNAL);
}

uintptr_t trap(uint64_t cause, uintptr_t pc, uint64_t value)
{
    if (cause == CAUSE_TIMER) {
        clock_interrupt();
        return pc;
    }
    if (cause == CAUSE_EXTERNAL) {
        uint32_t irq;
        while ((irq = read32(PLIC_CLAIM)) != 0) {
            if (irq == UART_IRQ) {
                uart_interrupt();
            }
            write32(PLIC_CLAIM, irq);
        }
        return pc;
    }
    if (pc == (uintptr_t)probe_instruction) {
        last_cause = cause;
        last_value = value;
        return (uintptr_t)probe_fault;
    }
    print("\nunexpected trap: cause %x pc %x value %x\n", cause, (uint64_t)pc, value);
    test_device(99U << 16 | TEST_FAIL);
}

uint64_t trap_last_cause(void)
{
    return last_cause;
}

uint64_t trap_last_value(void)
{
    return last_value;
}
