/* The sieve of Eratosthenes over the odd numbers up to eight million: stores with strides, through 4 MiB. */
#include "bench.h"

#define NUMBERS (4U << 20)

static uint8_t composite[NUMBERS] BULK;

/* Bytes stand for the odd numbers from 2 * offset + 1; returns a hash of the primes among them. */
static uint64_t sieve(uint64_t hash)
{
    for (uint32_t i = 0; i < NUMBERS; i++) {
        composite[i] = 0;
    }
    for (uint32_t i = 1; 2 * i * (i + 1) < NUMBERS; i++) {
        if (!composite[i]) {
            for (uint32_t j = 2 * i * (i + 1); j < NUMBERS; j += 2 * i + 1) {
                composite[j] = 1;
            }
        }
    }
    uint64_t primes = 1;
    uint64_t sum = 2;
    for (uint32_t i = 1; i < NUMBERS; i++) {
        if (!composite[i]) {
            primes++;
            sum += 2 * i + 1;
        }
    }
    require(primes == 564163, "the primes below 8388608");
    return mix(mix(hash, primes), sum);
}

uint64_t bench(uint64_t length)
{
    uint64_t hash = SEED;
    for (uint64_t round = 0; round < length; round++) {
        hash = sieve(hash);
    }
    return hash;
}
