/* Text for the console. */
#ifndef PRINT_H
#define PRINT_H

#include <stdint.h>

/* %s a string, %u a uint64_t in decimal, %x one as 16 hexadecimal digits; each \n becomes \r\n. */
void print(const char *format, ...);
/* At least so many digits, with zeros in front. */
void print_decimal(uint64_t value, int digits);
/* A byte as it can be shown: itself if it is printable, else \xNN. */
void print_byte(uint8_t byte);

#endif
