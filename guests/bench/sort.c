/* Quicksort and merge sort of random keys: branches that nobody can foretell, and recursion. */
#include "bench.h"

#define KEYS 100000U
#define FEW 12

static uint32_t first[KEYS] BULK;
static uint32_t second[KEYS] BULK;
static uint32_t scratch[KEYS] BULK;

static void insertion_sort(uint32_t *keys, int64_t count)
{
    for (int64_t i = 1; i < count; i++) {
        uint32_t key = keys[i];
        int64_t j = i;
        while (j > 0 && keys[j - 1] > key) {
            keys[j] = keys[j - 1];
            j--;
        }
        keys[j] = key;
    }
}

static uint32_t median(uint32_t a, uint32_t b, uint32_t c)
{
    if (a < b) {
        return b < c ? b : a < c ? c : a;
    }
    return a < c ? a : b < c ? c : b;
}

static void quick_sort(uint32_t *keys, int64_t count)
{
    if (count <= FEW) {
        insertion_sort(keys, count);
        return;
    }
    uint32_t pivot = median(keys[0], keys[count / 2], keys[count - 1]);
    int64_t low = 0;
    int64_t high = count - 1;
    while (low <= high) {
        while (keys[low] < pivot) {
            low++;
        }
        while (keys[high] > pivot) {
            high--;
        }
        if (low <= high) {
            uint32_t key = keys[low];
            keys[low++] = keys[high];
            keys[high--] = key;
        }
    }
    quick_sort(keys, high + 1);
    quick_sort(keys + low, count - low);
}

static void merge_sort(uint32_t *keys, uint32_t *free, int64_t count)
{
    if (count <= FEW) {
        insertion_sort(keys, count);
        return;
    }
    int64_t half = count / 2;
    merge_sort(keys, free, half);
    merge_sort(keys + half, free, count - half);
    for (int64_t i = 0; i < half; i++) {
        free[i] = keys[i];
    }
    int64_t left = 0;
    int64_t right = half;
    int64_t out = 0;
    while (left < half) {
        keys[out++] = right < count && keys[right] < free[left] ? keys[right++] : free[left++];
    }
}

uint64_t bench(uint64_t length)
{
    uint64_t state = SEED;
    uint64_t hash = 0;
    for (uint64_t round = 0; round < length; round++) {
        for (uint32_t i = 0; i < KEYS; i++) {
            first[i] = second[i] = (uint32_t)(random_next(&state) >> 40);
        }
        quick_sort(first, KEYS);
        merge_sort(second, scratch, KEYS);
        for (uint32_t i = 0; i < KEYS; i++) {
            require(first[i] == second[i] && (i == 0 || first[i - 1] <= first[i]), "the keys are not in order");
            hash = mix(hash, first[i]);
        }
    }
    return hash;
}
