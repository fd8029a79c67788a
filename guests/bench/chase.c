/* One cycle of pointers through 32 MiB in no order, a node to a cache line: more pages than any TLB reaches. */
#include "bench.h"

#define NODES (512U << 10)

struct node {
    struct node *next;
    uint64_t visits;
    uint64_t value;
    uint64_t unused[5];
};

static struct node nodes[NODES] BULK;
static uint32_t order[NODES] BULK;

/* Sattolo's shuffle: what it leaves is one cycle through all. */
static void link_nodes(void)
{
    uint64_t state = SEED;
    for (uint32_t i = 0; i < NODES; i++) {
        order[i] = i;
        nodes[i].visits = 0;
        nodes[i].value = random_next(&state);
    }
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t j = random_below(&state, i);
        uint32_t from = order[i];
        order[i] = order[j];
        order[j] = from;
    }
    for (uint32_t i = 0; i < NODES; i++) {
        nodes[i].next = &nodes[order[i]];
    }
}

uint64_t bench(uint64_t length)
{
    link_nodes();
    uint64_t hash = SEED;
    const struct node *reader = &nodes[0];
    struct node *writer = &nodes[NODES / 2];
    for (uint64_t i = 0; i < length * 1000; i++) {
        hash += reader->value ^ hash >> 7;
        reader = reader->next;
        if (i % 4 == 0) {
            writer->visits++;
            writer->value += hash;
            writer = writer->next;
        }
    }
    return mix(hash, mix(reader->value, writer->visits));
}
