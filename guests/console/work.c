#include "work.h"

#define TABLE 8192U
#define STEPS 1024U

static uint64_t table[TABLE];
static uint64_t state = 0x9e3779b97f4a7c15UL;
static uint64_t bursts;
static uint64_t hash = 0xcbf29ce484222325UL;

void work_burst(void)
{
    uint64_t x = state;
    for (uint32_t i = 0; i < STEPS; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        uint64_t *cell = &table[x % TABLE];
        *cell = *cell * 0x5851f42d4c957f2dUL + x;
    }
    state = x;
    bursts++;
}

uint64_t work_bursts(void)
{
    return bursts;
}

uint64_t work_checksum(void)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < TABLE; i++) {
        sum = (sum << 5 | sum >> 59) ^ table[i];
    }
    return sum;
}

void hash_add(uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        hash = (hash ^ (value >> (i * 8) & 0xff)) * 0x100000001b3UL;
    }
}

uint64_t hash_value(void)
{
    return hash;
}
