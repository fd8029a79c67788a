#include "uart.h"
#include "board.h"
#include "clock.h"

/* Registers of the 16550, one byte apart. */
#define DATA (UART_BASE + 0)
#define DIVISOR_LOW (UART_BASE + 0)
#define INTERRUPT_ENABLE (UART_BASE + 1)
#define DIVISOR_HIGH (UART_BASE + 1)
#define FIFO_CONTROL (UART_BASE + 2)
#define LINE_CONTROL (UART_BASE + 3)
#define MODEM_CONTROL (UART_BASE + 4)
#define LINE_STATUS (UART_BASE + 5)

#define RECEIVE_INTERRUPT 0x01
#define DATA_READY 0x01
#define HOLDING_EMPTY 0x20

/* A power of two. */
#define RING 256U

static struct arrival ring[RING];
static volatile uint32_t ring_in;
static volatile uint32_t ring_out;
/* The clock of the virt board's UART is 3.6864 MHz, so 115200 baud is a divisor of 2. */
static const uint8_t divisor = 2;

void uart_init(void)
{
    write8(INTERRUPT_ENABLE, 0);
    write8(LINE_CONTROL, 0x80);
    write8(DIVISOR_LOW, divisor);
    write8(DIVISOR_HIGH, 0);
    write8(LINE_CONTROL, 0x03);
    /* Turning the FIFOs on empties them; what was typed at the reset is taken first. Interrupt from the first byte. */
    uart_interrupt();
    write8(FIFO_CONTROL, 0x01);
    write8(MODEM_CONTROL, 0x0b);
    write8(INTERRUPT_ENABLE, RECEIVE_INTERRUPT);
}

void uart_put(char c)
{
    while (!(read8(LINE_STATUS) & HOLDING_EMPTY)) {
    }
    write8(DATA, (uint8_t)c);
}

void uart_interrupt(void)
{
    while (read8(LINE_STATUS) & DATA_READY) {
        if (ring_in - ring_out == RING) {
            /* Nothing is lost: the rest waits in the FIFO, and uart_take turns the interrupt on again. */
            write8(INTERRUPT_ENABLE, 0);
            return;
        }
        struct arrival *slot = &ring[ring_in % RING];
        slot->byte = read8(DATA);
        slot->mtime = clock_mtime();
        slot->instret = csr_read(minstret);
        slot->tick = clock_ticks();
        ring_in = ring_in + 1;
    }
}

int uart_has_input(void)
{
    return ring_in != ring_out;
}

int uart_take(struct arrival *arrival)
{
    if (!uart_has_input()) {
        return 0;
    }
    *arrival = ring[ring_out % RING];
    ring_out = ring_out + 1;
    write8(INTERRUPT_ENABLE, RECEIVE_INTERRUPT);
    return 1;
}
