/* An integer hash over a message that fits into any cache: multiplications, rotations, few branches. */
#include "bench.h"

#define WORDS 2048U

static uint64_t message[WORDS];

static inline uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

uint64_t bench(uint64_t length)
{
    uint64_t state = SEED;
    for (uint32_t i = 0; i < WORDS; i++) {
        message[i] = random_next(&state);
    }
    uint64_t a = 1;
    uint64_t b = 2;
    uint64_t c = 3;
    uint64_t d = 4;
    for (uint64_t round = 0; round < length; round++) {
        for (uint32_t i = 0; i < WORDS; i += 4) {
            a = rotate(a ^ message[i], 29) * 0x9fb21c651e98df25UL + d;
            b = rotate(b ^ message[i + 1], 37) * 0xd6e8feb86659fd93UL + a;
            c = rotate(c + message[i + 2], 17) ^ (b >> 23);
            d = rotate(d + message[i + 3], 43) ^ (c << 11);
        }
        message[round % WORDS] ^= a + c;
    }
    return mix(mix(a, b), mix(c, d));
}
