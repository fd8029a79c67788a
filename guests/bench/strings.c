/* Words: text is written, cut into words, counted in a hash table, searched, turned round, and numbers are spelt. */
#include "bench.h"

#define TEXT 65536U
#define WORDS 400U
#define LONGEST 24U
#define SLOTS 1024U

static char words[WORDS][LONGEST];
static char text[TEXT + LONGEST];
static uint32_t text_length;

static struct {
    const char *word;
    uint32_t length;
    uint32_t count;
} table[SLOTS];

static uint32_t length_of(const char *s)
{
    uint32_t n = 0;
    while (s[n] != 0) {
        n++;
    }
    return n;
}

static char *copy(char *to, const char *from)
{
    while (*from != 0) {
        *to++ = *from++;
    }
    *to = 0;
    return to;
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char *spell(char *to, uint64_t number)
{
    char digits[20];
    uint32_t n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (n > 0) {
        *to++ = digits[--n];
    }
    *to = 0;
    return to;
}

static void make_words(uint64_t *state)
{
    static const char *const syllables[] = {"ka", "lo", "min", "ter", "vas", "o", "rei", "sum", "ni", "pra", "dol", "e",
                                            "ut", "gen", "fi", "bo"};
    for (uint32_t i = 0; i < WORDS; i++) {
        char *at = words[i];
        for (uint32_t n = 1 + random_below(state, 5); n > 0; n--) {
            at = copy(at, syllables[random_below(state, 16)]);
        }
    }
}

/* Few words are frequent, most are rare; sentences begin with a capital, and now and then there is a number. */
static void write_text(uint64_t *state)
{
    char *at = text;
    int begins = 1;
    while (at < text + TEXT - 2 * LONGEST) {
        char *start = at;
        uint32_t bound = 1 + random_below(state, WORDS);
        if (random_below(state, 20) == 0) {
            at = spell(at, random_next(state) >> 44);
        } else {
            at = copy(at, words[random_below(state, bound)]);
        }
        if (begins && is_letter(*start)) {
            *start = (char)(*start - 'a' + 'A');
        }
        begins = random_below(state, 9) == 0;
        at = copy(at, begins ? ". " : " ");
    }
    text_length = (uint32_t)(at - text);
}

static int same_word(const char *a, const char *b, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return 0;
        }
    }
    return 1;
}

static void count_word(const char *word, uint32_t length)
{
    uint32_t hash = 2166136261U;
    for (uint32_t i = 0; i < length; i++) {
        hash = (hash ^ (uint8_t)lower(word[i])) * 16777619U;
    }
    for (uint32_t slot = (hash ^ hash >> 15) % SLOTS;; slot = (slot + 1) % SLOTS) {
        if (table[slot].count == 0) {
            table[slot].word = word;
            table[slot].length = length;
        } else if (table[slot].length != length || !same_word(table[slot].word, word, length)) {
            continue;
        }
        table[slot].count++;
        return;
    }
}

/* Counts the words and adds up the numbers. */
static uint64_t count_words(void)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        table[i].count = 0;
    }
    for (uint32_t at = 0; at < text_length;) {
        uint32_t start = at;
        uint64_t number = 0;
        while (is_letter(text[at])) {
            at++;
        }
        if (at > start) {
            count_word(text + start, at - start);
            continue;
        }
        while (text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + (uint64_t)(text[at++] - '0');
        }
        sum += number;
        if (at == start) {
            at++;
        }
    }
    uint64_t hash = sum;
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (table[i].count != 0) {
            hash = mix(hash, (uint64_t)table[i].count << 32 | table[i].length << 8 | (uint8_t)table[i].word[0]);
        }
    }
    return hash;
}

/* Where a pattern occurs, by Horspool's method; the sum of the places. */
static uint64_t search(const char *pattern)
{
    uint8_t skip[256];
    uint64_t sum = 0;
    uint32_t length = length_of(pattern);
    for (uint32_t i = 0; i < 256; i++) {
        skip[i] = (uint8_t)length;
    }
    for (uint32_t i = 0; i + 1 < length; i++) {
        skip[(uint8_t)pattern[i]] = (uint8_t)(length - 1 - i);
    }
    for (uint32_t at = 0; at + length <= text_length; at += skip[(uint8_t)text[at + length - 1]]) {
        uint32_t i = length;
        while (i > 0 && text[at + i - 1] == pattern[i - 1]) {
            i--;
        }
        sum += i == 0 ? at + 1 : 0;
    }
    return sum;
}

static void reverse_words(void)
{
    for (uint32_t at = 0; at < text_length; at++) {
        uint32_t start = at;
        while (is_letter(text[at])) {
            at++;
        }
        for (uint32_t i = start, j = at; i + 1 < j; i++) {
            char c = text[i];
            text[i] = text[--j];
            text[j] = c;
        }
    }
}

uint64_t bench(uint64_t length)
{
    uint64_t state = SEED;
    uint64_t hash = 0;
    make_words(&state);
    for (uint64_t round = 0; round < length; round++) {
        write_text(&state);
        hash = mix(hash, count_words());
        for (uint32_t i = 0; i < 8; i++) {
            hash = mix(hash, search(words[(round * 8 + i) % WORDS]));
        }
        reverse_words();
        hash = mix(hash, count_words());
    }
    return hash;
}
