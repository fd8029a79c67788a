#include "clock.h"
#include "board.h"
#include "print.h"

#define INTERVAL (MTIME_HZ / TICKS_PER_SECOND)

static volatile uint64_t ticks;

void clock_init(void)
{
    write64(CLINT_MTIMECMP, clock_mtime() + INTERVAL);
    csr_set(mie, MIE_TIMER);
}

void clock_interrupt(void)
{
    uint64_t next = read64(CLINT_MTIMECMP) + INTERVAL;
    uint64_t now = clock_mtime();
    /* A machine that was held up does not get the missed ticks in a burst. */
    if (next <= now) {
        next = now + INTERVAL;
    }
    write64(CLINT_MTIMECMP, next);
    ticks = ticks + 1;
}

uint64_t clock_ticks(void)
{
    return ticks;
}

uint64_t clock_mtime(void)
{
    return read64(CLINT_MTIME);
}

uint64_t clock_wall(void)
{
    /* Reading the low half latches the high one. */
    uint64_t low = read32(RTC_BASE + 0);
    return (uint64_t)read32(RTC_BASE + 4) << 32 | low;
}

static uint64_t leap_day(uint64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 1 : 0;
}

void clock_print_wall(uint64_t nanoseconds)
{
    static const uint8_t month_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t seconds = nanoseconds / 1000000000;
    uint64_t day = seconds / 86400;
    uint64_t year = 1970;
    while (day >= 365 + leap_day(year)) {
        day -= 365 + leap_day(year);
        year++;
    }
    unsigned month = 0;
    for (;;) {
        uint64_t days = month_days[month] + (month == 1 ? leap_day(year) : 0);
        if (day < days) {
            break;
        }
        day -= days;
        month++;
    }
    print_decimal(year, 4);
    print("-");
    print_decimal(month + 1, 2);
    print("-");
    print_decimal(day + 1, 2);
    print("T");
    print_decimal(seconds / 3600 % 24, 2);
    print(":");
    print_decimal(seconds / 60 % 60, 2);
    print(":");
    print_decimal(seconds % 60, 2);
    print(".");
    print_decimal(nanoseconds % 1000000000, 9);
    print("Z");
}
