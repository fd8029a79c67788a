/*
 * The built-in guest. It computes, ticks, and reports each line that is typed at it with the moments at which the
 * bytes arrived; so two runs with the same typing print different things, and only a replay prints the same again.
 */
#include "board.h"
#include "clock.h"
#include "fdt.h"
#include "print.h"
#include "trap.h"
#include "uart.h"
#include "work.h"

#define LINE 120U

static struct arrival line[LINE];
static uint32_t line_length;
static uint64_t line_count;
static uint64_t byte_count;
static uint64_t idle_count;
static uintptr_t device_tree;

/* The word of the line that starts at *at, which moves past it; its length, 0 at the end of the line. */
static uint32_t next_word(uint32_t *at, uint32_t *start)
{
    while (*at < line_length && line[*at].byte == ' ') {
        ++*at;
    }
    *start = *at;
    while (*at < line_length && line[*at].byte != ' ') {
        ++*at;
    }
    return *at - *start;
}

static int word_is(uint32_t start, uint32_t length, const char *text)
{
    uint32_t i = 0;
    while (i < length && text[i] != 0 && line[start + i].byte == (uint8_t)text[i]) {
        i++;
    }
    return i == length && text[i] == 0;
}

/* Decimal, or hexadecimal after 0x; digits end at the first other byte. */
static uint64_t number(uint32_t start, uint32_t length)
{
    uint64_t value = 0;
    uint64_t base = 10;
    uint32_t i = 0;
    if (length > 2 && line[start].byte == '0' && line[start + 1].byte == 'x') {
        base = 16;
        i = 2;
    }
    for (; i < length; i++) {
        uint64_t c = line[start + i].byte;
        uint64_t digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;
        if (digit >= base) {
            break;
        }
        value = value * base + digit;
    }
    return value;
}

static void command_help(void)
{
    print("  help       this list\n"
          "  time       what each clock of the machine says\n"
          "  sum N      adds the squares of 1 to N, the slow way\n"
          "  mem        the RAM, and what the computation has left in it\n"
          "  peek ADDR  the 32 bits at an address, or how the load traps\n"
          "  fail N     power off with failure code N\n"
          "  reset      start the machine again\n"
          "  quit       print a summary and power off\n");
}

static void command_time(void)
{
    uint64_t wall = clock_wall();
    uint64_t time;
    uint64_t cycle;
    uint64_t instret;
    __asm__ volatile("rdtime %0\n\trdcycle %1\n\trdinstret %2" : "=r"(time), "=r"(cycle), "=r"(instret));
    hash_add(wall);
    hash_add(time);
    hash_add(cycle);
    hash_add(instret);
    print("  wall clock ");
    clock_print_wall(wall);
    print("\n  time %u, cycle %u, instret %u, ticks %u\n", time, cycle, instret, clock_ticks());
}

static void command_sum(uint64_t n)
{
    uint64_t from = clock_mtime();
    uint64_t sum = 0;
    for (uint64_t i = 1; i <= n; i++) {
        sum += i * i;
        /* Keeps the compiler from adding them up the fast way. */
        __asm__ volatile("" : "+r"(sum));
    }
    uint64_t took = clock_mtime() - from;
    hash_add(sum);
    hash_add(took);
    print("  sum %u (hexadecimal %x), took %u of mtime\n", sum, sum, took);
}

static void command_mem(void)
{
    uint64_t checksum = work_checksum();
    hash_add(checksum);
    print("  RAM %u KiB, device tree %u bytes, bursts %u, table %x\n", fdt_memory(device_tree) >> 10,
          fdt_size(device_tree), work_bursts(), checksum);
}

static void command_peek(uintptr_t address)
{
    uint64_t value;
    if (probe_load(address & ~3UL, &value)) {
        hash_add(value);
        print("  at %x: %x\n", (uint64_t)(address & ~3UL), value);
    } else {
        hash_add(trap_last_cause());
        print("  at %x: trap, cause %u value %x\n", (uint64_t)(address & ~3UL), trap_last_cause(), trap_last_value());
    }
}

static void print_summary(void)
{
    hash_add(clock_ticks());
    hash_add(work_bursts());
    hash_add(idle_count);
    print("  bytes %u, lines %u, ticks %u, bursts %u, idled %u times\n", byte_count, line_count, clock_ticks(),
          work_bursts(), idle_count);
    print("  hash over all of it %x\n", hash_value());
}

static void run_command(void)
{
    uint32_t at = 0;
    uint32_t start;
    uint32_t length = next_word(&at, &start);
    uint32_t argument;
    uint32_t argument_length = next_word(&at, &argument);
    uint64_t value = number(argument, argument_length);
    if (length == 0) {
        return;
    }
    if (word_is(start, length, "help")) {
        command_help();
    } else if (word_is(start, length, "time")) {
        command_time();
    } else if (word_is(start, length, "sum")) {
        command_sum(value);
    } else if (word_is(start, length, "mem")) {
        command_mem();
    } else if (word_is(start, length, "peek")) {
        command_peek(value);
    } else if (word_is(start, length, "fail")) {
        print_summary();
        test_device((uint32_t)(value & 0xffff) << 16 | TEST_FAIL);
    } else if (word_is(start, length, "reset")) {
        test_device(TEST_RESET);
    } else if (word_is(start, length, "quit")) {
        print_summary();
        test_device(TEST_PASS);
    } else {
        print("  no such command; help lists them\n");
    }
}

static void print_line_report(const struct arrival *end)
{
    line_count++;
    print("  line %u: %u bytes, ended at mtime %u, instret %u, tick %u\n", line_count, (uint64_t)line_length, end->mtime,
          end->instret, end->tick);
    for (uint32_t i = 0; i < line_length; i++) {
        print(i == 0 ? "  arrived " : " ");
        print_byte(line[i].byte);
        print("@%u", line[i].mtime);
    }
    print(line_length == 0 ? "" : "\n");
    print("  hash so far %x\n", hash_value());
}

static void prompt(void)
{
    line_length = 0;
    print("> ");
}

static void take_byte(const struct arrival *arrival)
{
    byte_count++;
    hash_add(arrival->byte);
    hash_add(arrival->mtime);
    hash_add(arrival->instret);
    hash_add(arrival->tick);
    switch (arrival->byte) {
    case '\r':
    case '\n':
        print("\n");
        print_line_report(arrival);
        run_command();
        prompt();
        break;
    case '\b':
    case 0x7f:
        if (line_length > 0) {
            line_length--;
            print("\b \b");
        }
        break;
    case 0x03:
        print("^C\n");
        prompt();
        break;
    default:
        if (arrival->byte < 0x20 || line_length == LINE) {
            print("\a");
        } else {
            line[line_length++] = *arrival;
            uart_put((char)arrival->byte);
        }
        break;
    }
}

/* Waits for an interrupt; with interrupts off it cannot be missed between the question and the wait. */
static void idle(void)
{
    interrupts_off();
    if (!uart_has_input()) {
        idle_count++;
        __asm__ volatile("wfi");
    }
    interrupts_on();
}

int main(uint64_t hart, uintptr_t tree)
{
    struct arrival arrival;
    device_tree = tree;
    uart_init();
    clock_init();
    trap_init();
    uint64_t wall = clock_wall();
    hash_add(wall);
    print("\nReprise console guest on hart %u, at ", hart);
    clock_print_wall(wall);
    print("\nIt says when each byte that you type arrived. help lists the commands, quit ends it.\n");
    prompt();
    interrupts_on();
    for (;;) {
        while (uart_take(&arrival)) {
            take_byte(&arrival);
        }
        /* Busy and idle by turns, so that bytes find the guest in both states and anywhere in the computation. */
        if (clock_ticks() / 4 % 2 == 0) {
            work_burst();
        } else {
            idle();
        }
    }
}
