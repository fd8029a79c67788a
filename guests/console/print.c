#include "print.h"
#include "uart.h"

#include <stdarg.h>

static void put(char c)
{
    if (c == '\n') {
        uart_put('\r');
    }
    uart_put(c);
}

static void print_hex(uint64_t value, int digits)
{
    while (digits-- > 0) {
        put("0123456789abcdef"[value >> (digits * 4) & 15]);
    }
}

void print_decimal(uint64_t value, int digits)
{
    char text[20];
    int length = 0;
    do {
        text[length++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (int i = length; i < digits; i++) {
        put('0');
    }
    while (length > 0) {
        put(text[--length]);
    }
}

void print_byte(uint8_t byte)
{
    if (byte >= 0x20 && byte < 0x7f) {
        put((char)byte);
    } else {
        print("\\x");
        print_hex(byte, 2);
    }
}

void print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (; *format != 0; format++) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        switch (*++format) {
        case 's':
            for (const char *s = va_arg(arguments, const char *); *s != 0; s++) {
                put(*s);
            }
            break;
        case 'u':
            print_decimal(va_arg(arguments, uint64_t), 1);
            break;
        case 'x':
            print_hex(va_arg(arguments, uint64_t), 16);
            break;
        default:
            put(*format);
            break;
        }
    }
    va_end(arguments);
}
