/* Devicetree Specification 0.4, section 5: flattened format, all numbers big-endian. */
#include "fdt.h"

#define MAGIC 0xd00dfeedU
#define BEGIN_NODE 1U
#define END_NODE 2U
#define PROPERTY 3U
#define NOP 4U

static uint32_t word(uintptr_t address)
{
    const uint8_t *p = (const uint8_t *)address;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int starts_with(const char *text, const char *prefix)
{
    for (; *prefix != 0; text++, prefix++) {
        if (*text != *prefix) {
            return 0;
        }
    }
    return 1;
}

uint64_t fdt_size(uintptr_t tree)
{
    return tree % 8 == 0 && word(tree) == MAGIC ? word(tree + 4) : 0;
}

uint64_t fdt_memory(uintptr_t tree)
{
    if (fdt_size(tree) == 0) {
        return 0;
    }
    uintptr_t at = tree + word(tree + 8);
    uintptr_t strings = tree + word(tree + 12);
    uintptr_t end = at + word(tree + 36);
    int in_memory = 0;
    while (at < end) {
        uint32_t token = word(at);
        at += 4;
        if (token == BEGIN_NODE) {
            const char *name = (const char *)at;
            in_memory = starts_with(name, "memory@");
            while (*(const char *)at != 0) {
                at++;
            }
            at = (at + 4) & ~3UL;
        } else if (token == PROPERTY) {
            uint32_t length = word(at);
            const char *name = (const char *)(strings + word(at + 4));
            at += 8;
            if (in_memory && starts_with(name, "reg") && length >= 16) {
                return (uint64_t)word(at + 8) << 32 | word(at + 12);
            }
            at = (at + length + 3) & ~3UL;
        } else if (token != END_NODE && token != NOP) {
            break;
        }
    }
    return 0;
}
