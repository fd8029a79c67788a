/* Trees of objects that are made, changed, asked through tables of functions, and given back: indirect calls. */
#include "bench.h"

#define OBJECTS 40000U
#define DEPTH 8

struct object;

struct methods {
    uint64_t (*value)(const struct object *self, uint64_t x);
    uint32_t (*size)(const struct object *self);
    void (*change)(struct object *self, uint64_t *state);
    void (*release)(struct object *self);
};

struct object {
    const struct methods *methods;
    struct object *left;
    struct object *right;
    uint64_t number;
};

static struct object objects[OBJECTS] BULK;
static struct object *free_list;

static void release_one(struct object *self)
{
    self->left = free_list;
    free_list = self;
}

static uint64_t constant_value(const struct object *self, uint64_t x)
{
    (void)x;
    return self->number;
}

static uint64_t variable_value(const struct object *self, uint64_t x)
{
    return x >> (self->number & 15);
}

static uint64_t sum_value(const struct object *self, uint64_t x)
{
    return self->left->methods->value(self->left, x) + self->right->methods->value(self->right, x);
}

static uint64_t product_value(const struct object *self, uint64_t x)
{
    return self->left->methods->value(self->left, x) * (self->right->methods->value(self->right, x) | 1);
}

static uint64_t choice_value(const struct object *self, uint64_t x)
{
    const struct object *chosen = (x ^ self->number) & 1 ? self->left : self->right;
    return chosen->methods->value(chosen, x >> 1) ^ x;
}

static uint64_t least_value(const struct object *self, uint64_t x)
{
    uint64_t left = self->left->methods->value(self->left, x);
    uint64_t right = self->right->methods->value(self->right, x);
    return left < right ? left : right;
}

static uint32_t leaf_size(const struct object *self)
{
    (void)self;
    return 1;
}

static uint32_t node_size(const struct object *self)
{
    return 1 + self->left->methods->size(self->left) + self->right->methods->size(self->right);
}

static void leaf_change(struct object *self, uint64_t *state)
{
    self->number ^= random_next(state) >> 48;
}

/* Turns its children round and goes on into one of them. */
static void node_change(struct object *self, uint64_t *state)
{
    struct object *child = self->left;
    self->left = self->right;
    self->right = child;
    child->methods->change(child, state);
}

static void node_release(struct object *self)
{
    self->left->methods->release(self->left);
    self->right->methods->release(self->right);
    release_one(self);
}

static const struct methods kinds[] = {
    {constant_value, leaf_size, leaf_change, release_one},
    {variable_value, leaf_size, leaf_change, release_one},
    {sum_value, node_size, node_change, node_release},
    {product_value, node_size, node_change, node_release},
    {choice_value, node_size, node_change, node_release},
    {least_value, node_size, node_change, node_release},
};

static struct object *make(uint64_t *state, int depth)
{
    struct object *object = free_list;
    free_list = object->left;
    object->number = random_next(state) >> 40;
    if (depth == 0 || random_below(state, 16) == 0) {
        object->methods = &kinds[random_below(state, 2)];
    } else {
        object->methods = &kinds[2 + random_below(state, 4)];
        object->left = make(state, depth - 1);
        object->right = make(state, depth - 1);
    }
    return object;
}

uint64_t bench(uint64_t length)
{
    uint64_t state = SEED;
    uint64_t hash = 0;
    for (uint32_t i = 0; i < OBJECTS; i++) {
        objects[i].left = i + 1 < OBJECTS ? &objects[i + 1] : 0;
    }
    free_list = &objects[0];
    struct object *trees[32];
    for (uint32_t i = 0; i < 32; i++) {
        trees[i] = make(&state, DEPTH);
    }
    for (uint64_t round = 0; round < length; round++) {
        struct object **tree = &trees[random_below(&state, 32)];
        for (uint64_t x = 0; x < 8; x++) {
            hash = mix(hash, (*tree)->methods->value(*tree, hash + x));
            (*tree)->methods->change(*tree, &state);
        }
        if (round % 4 == 0) {
            hash = mix(hash, (*tree)->methods->size(*tree));
            (*tree)->methods->release(*tree);
            *tree = make(&state, DEPTH);
        }
    }
    return hash;
}
