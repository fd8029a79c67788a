/*
 * A compressor: matches found through hash chains, coded as bits by an adaptive binary range coder; and back again. The
 * coder is the carry-propagating one with 11-bit probabilities (G. N. N. Martin, Range encoding, 1979, and the binary
 * form of it that is common today).
 */
#include "bench.h"

#define TEXT 65536U
#define BUCKETS 8192U
#define NONE 0xffffffffU
#define TRIES 16
#define SHORTEST 3U
#define LONGEST 66U
#define ONE 2048U
#define RATE 5

static uint8_t text[TEXT];
static uint8_t back[TEXT];
static uint8_t packed[TEXT * 2];
static uint32_t newest[BUCKETS];
static uint32_t older[TEXT];

/* Chances that a bit is 0, in 2048ths; trees of bits have their root at 1. */
static struct {
    uint16_t is_match[2];
    uint16_t literal[8][256];
    uint16_t length[64];
    uint16_t distance_bits[16];
    uint16_t distance[17][16];
} model;

static struct {
    uint64_t low;
    uint32_t range;
    uint32_t code;
    uint32_t at;
    uint32_t pending;
    uint8_t cache;
} coder;

static void reset_model(void)
{
    uint16_t *chance = (uint16_t *)&model;
    for (uint32_t i = 0; i < sizeof model / sizeof *chance; i++) {
        chance[i] = ONE / 2;
    }
    coder.low = 0;
    coder.range = 0xffffffffU;
    coder.code = 0;
    coder.at = 0;
    coder.pending = 0;
    coder.cache = 0;
}

/* A byte leaves when no carry can reach it any more. */
static void shift_low(void)
{
    if (coder.low < 0xff000000U || coder.low >> 32 != 0) {
        uint8_t carry = (uint8_t)(coder.low >> 32);
        packed[coder.at++] = (uint8_t)(coder.cache + carry);
        while (coder.pending > 0) {
            packed[coder.at++] = (uint8_t)(0xff + carry);
            coder.pending--;
        }
        coder.cache = (uint8_t)(coder.low >> 24);
    } else {
        coder.pending++;
    }
    coder.low = (coder.low & 0x00ffffff) << 8;
}

static void encode(uint16_t *chance, uint32_t bit)
{
    uint32_t bound = (coder.range >> 11) * *chance;
    if (bit == 0) {
        coder.range = bound;
        *chance = (uint16_t)(*chance + ((ONE - *chance) >> RATE));
    } else {
        coder.low += bound;
        coder.range -= bound;
        *chance = (uint16_t)(*chance - (*chance >> RATE));
    }
    while (coder.range < 1U << 24) {
        coder.range <<= 8;
        shift_low();
    }
}

static uint32_t decode(uint16_t *chance)
{
    uint32_t bound = (coder.range >> 11) * *chance;
    uint32_t bit = coder.code >= bound;
    if (bit == 0) {
        coder.range = bound;
        *chance = (uint16_t)(*chance + ((ONE - *chance) >> RATE));
    } else {
        coder.code -= bound;
        coder.range -= bound;
        *chance = (uint16_t)(*chance - (*chance >> RATE));
    }
    while (coder.range < 1U << 24) {
        coder.range <<= 8;
        coder.code = coder.code << 8 | packed[coder.at++];
    }
    return bit;
}

static void encode_tree(uint16_t *chances, uint32_t bits, uint32_t value)
{
    uint32_t node = 1;
    while (bits-- > 0) {
        uint32_t bit = value >> bits & 1;
        encode(&chances[node], bit);
        node = node << 1 | bit;
    }
}

static uint32_t decode_tree(uint16_t *chances, uint32_t bits)
{
    uint32_t node = 1;
    for (uint32_t i = 0; i < bits; i++) {
        node = node << 1 | decode(&chances[node]);
    }
    return node - (1U << bits);
}

static uint32_t bits_of(uint32_t value)
{
    uint32_t bits = 0;
    while (value >> bits > 1) {
        bits++;
    }
    return bits;
}

static void encode_match(uint32_t length, uint32_t distance)
{
    uint32_t bits = bits_of(distance);
    encode_tree(model.length, 6, length - SHORTEST);
    encode_tree(model.distance_bits, 4, bits);
    for (uint32_t i = bits; i-- > 0;) {
        encode(&model.distance[bits][i], distance >> i & 1);
    }
}

static uint32_t bucket(uint32_t at)
{
    uint32_t three = text[at] | (uint32_t)text[at + 1] << 8 | (uint32_t)text[at + 2] << 16;
    return three * 2654435761U >> 19;
}

static void remember(uint32_t at)
{
    if (at + SHORTEST <= TEXT) {
        uint32_t b = bucket(at);
        older[at] = newest[b];
        newest[b] = at;
    }
}

static uint32_t find_match(uint32_t at, uint32_t *distance)
{
    uint32_t best = 0;
    uint32_t limit = TEXT - at < LONGEST ? TEXT - at : LONGEST;
    if (limit < SHORTEST) {
        return 0;
    }
    uint32_t candidate = newest[bucket(at)];
    for (int tries = TRIES; tries > 0 && candidate != NONE; tries--) {
        uint32_t length = 0;
        while (length < limit && text[candidate + length] == text[at + length]) {
            length++;
        }
        if (length > best) {
            best = length;
            *distance = at - candidate;
        }
        candidate = older[candidate];
    }
    return best;
}

/* Returns the packed length. */
static uint32_t compress(void)
{
    for (uint32_t i = 0; i < BUCKETS; i++) {
        newest[i] = NONE;
    }
    reset_model();
    uint32_t after_match = 0;
    for (uint32_t at = 0; at < TEXT;) {
        uint32_t distance = 0;
        uint32_t length = find_match(at, &distance);
        uint32_t matches = length >= SHORTEST;
        encode(&model.is_match[after_match], matches);
        after_match = matches;
        if (matches) {
            encode_match(length, distance);
        } else {
            encode_tree(model.literal[at == 0 ? 0 : text[at - 1] >> 5], 8, text[at]);
            length = 1;
        }
        while (length-- > 0) {
            remember(at++);
        }
    }
    for (int i = 0; i < 5; i++) {
        shift_low();
    }
    return coder.at;
}

static void decompress(void)
{
    reset_model();
    for (int i = 0; i < 5; i++) {
        coder.code = coder.code << 8 | packed[coder.at++];
    }
    uint32_t after_match = 0;
    for (uint32_t at = 0; at < TEXT;) {
        after_match = decode(&model.is_match[after_match]);
        if (!after_match) {
            back[at] = (uint8_t)decode_tree(model.literal[at == 0 ? 0 : back[at - 1] >> 5], 8);
            at++;
            continue;
        }
        uint32_t length = decode_tree(model.length, 6) + SHORTEST;
        uint32_t bits = decode_tree(model.distance_bits, 4);
        uint32_t distance = 1;
        uint32_t low = 0;
        for (uint32_t i = bits; i-- > 0;) {
            low |= decode(&model.distance[bits][i]) << i;
        }
        distance = (distance << bits) + low;
        for (; length > 0 && at < TEXT; length--, at++) {
            back[at] = distance <= at ? back[at - distance] : 0;
        }
    }
}

/* Letters that depend on the one before, with phrases that come again. */
static void write_text(uint64_t *state)
{
    uint32_t letter = 0;
    for (uint32_t at = 0; at < TEXT;) {
        if (at > 256 && random_below(state, 12) == 0) {
            uint32_t from = random_below(state, at - 64);
            for (uint32_t n = 8 + random_below(state, 40); n > 0 && at < TEXT; n--) {
                text[at++] = text[from++];
            }
        } else {
            letter = (letter * 7 + random_below(state, 5)) % 29;
            text[at++] = (uint8_t)(letter < 26 ? 'a' + letter : " ,."[letter - 26]);
        }
    }
}

uint64_t bench(uint64_t length)
{
    uint64_t state = SEED;
    uint64_t hash = 0;
    for (uint64_t round = 0; round < length; round++) {
        write_text(&state);
        uint32_t bytes = compress();
        decompress();
        for (uint32_t i = 0; i < TEXT; i++) {
            require(text[i] == back[i], "what was packed comes back otherwise");
        }
        hash = mix(hash, bytes);
        for (uint32_t i = 0; i < bytes; i += 8) {
            hash = mix(hash, packed[i]);
        }
    }
    return hash;
}
