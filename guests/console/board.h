/*
 * The virt board as this guest sees it: addresses, register access and CSRs.
 * The addresses are those of QEMU's virt machine.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

#define TEST_DEVICE 0x00100000UL
#define RTC_BASE 0x00101000UL
#define CLINT_MTIMECMP 0x02004000UL
#define CLINT_MTIME 0x0200bff8UL
#define PLIC_BASE 0x0c000000UL
#define UART_BASE 0x10000000UL

#define UART_IRQ 10
/* mtime counts at 10 MHz. */
#define MTIME_HZ 10000000UL

#define MSTATUS_MIE 8UL
#define MIE_TIMER (1UL << 7)
#define MIE_EXTERNAL (1UL << 11)
#define CAUSE_INTERRUPT (1UL << 63)
#define CAUSE_TIMER (CAUSE_INTERRUPT | 7)
#define CAUSE_EXTERNAL (CAUSE_INTERRUPT | 11)

static inline uint8_t read8(uintptr_t address) { return *(volatile uint8_t *)address; }
static inline uint32_t read32(uintptr_t address) { return *(volatile uint32_t *)address; }
static inline uint64_t read64(uintptr_t address) { return *(volatile uint64_t *)address; }
static inline void write8(uintptr_t address, uint8_t value) { *(volatile uint8_t *)address = value; }
static inline void write32(uintptr_t address, uint32_t value) { *(volatile uint32_t *)address = value; }
static inline void write64(uintptr_t address, uint64_t value) { *(volatile uint64_t *)address = value; }

#define csr_read(name) ({ uint64_t value_; __asm__ volatile("csrr %0, " #name : "=r"(value_)); value_; })
#define csr_set(name, bits) __asm__ volatile("csrs " #name ", %0" ::"r"((uint64_t)(bits)) : "memory")
#define csr_clear(name, bits) __asm__ volatile("csrc " #name ", %0" ::"r"((uint64_t)(bits)) : "memory")

static inline void interrupts_off(void) { csr_clear(mstatus, MSTATUS_MIE); }
static inline void interrupts_on(void) { csr_set(mstatus, MSTATUS_MIE); }

/* Ends the machine through the test device and does not return. */
static inline __attribute__((noreturn)) void test_device(uint32_t value)
{
    write32(TEST_DEVICE, value);
    for (;;) {
        __asm__ volatile("wfi");
    }
}

#define TEST_PASS 0x5555U
#define TEST_FAIL 0x3333U
#define TEST_RESET 0x7777U

#endif
