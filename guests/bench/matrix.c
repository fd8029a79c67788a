/* Matrices of doubles: products, and systems of equations by LU decomposition with divisions and square roots. */
#include "bench.h"

#define N 80

static double left[N][N];
static double right[N][N];
static double product[N][N];
static double vector[N];

static double absolute(double value)
{
    return value < 0 ? -value : value;
}

static void multiply(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int k = 0; k < N; k++) {
                sum += left[i][k] * right[k][j];
            }
            product[i][j] = sum;
        }
    }
}

/* Replaces vector by the solution of product * x = vector; product is lost. */
static void solve(void)
{
    for (int column = 0; column < N; column++) {
        int pivot = column;
        for (int i = column + 1; i < N; i++) {
            if (absolute(product[i][column]) > absolute(product[pivot][column])) {
                pivot = i;
            }
        }
        for (int j = 0; j < N; j++) {
            double value = product[column][j];
            product[column][j] = product[pivot][j];
            product[pivot][j] = value;
        }
        double value = vector[column];
        vector[column] = vector[pivot];
        vector[pivot] = value;
        for (int i = column + 1; i < N; i++) {
            double factor = product[i][column] / product[column][column];
            for (int j = column + 1; j < N; j++) {
                product[i][j] -= factor * product[column][j];
            }
            vector[i] -= factor * vector[column];
        }
    }
    for (int i = N - 1; i >= 0; i--) {
        double sum = vector[i];
        for (int j = i + 1; j < N; j++) {
            sum -= product[i][j] * vector[j];
        }
        vector[i] = sum / product[i][i];
    }
}

/* Scales the vector to length 1, and puts it into a row of each factor. */
static void feed_back(int row)
{
    double squares = 0;
    for (int i = 0; i < N; i++) {
        squares += vector[i] * vector[i];
    }
    double norm = __builtin_sqrt(squares);
    for (int i = 0; i < N; i++) {
        vector[i] /= norm;
        left[row][i] = vector[i] + (i == row ? 1.0 : 0.0);
        right[i][row] = vector[N - 1 - i] - 0.5;
    }
}

uint64_t bench(uint64_t length)
{
    uint64_t state = SEED;
    uint64_t hash = 0;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            left[i][j] = (double)random_below(&state, 2000) / 1000 - 1;
            right[i][j] = (double)random_below(&state, 2000) / 1000 - 1;
        }
        vector[i] = (double)i / N;
    }
    for (uint64_t round = 0; round < length; round++) {
        multiply();
        for (int i = 0; i < N; i++) {
            hash = mix(hash, (uint64_t)(int64_t)(product[i][N - 1 - i] * 1048576));
        }
        solve();
        feed_back((int)(round % N));
    }
    for (int i = 0; i < N; i++) {
        require(vector[i] > -1.0 && vector[i] < 1.0, "the solution is no number");
        union {
            double value;
            uint64_t bits;
        } word = {vector[i]};
        hash = mix(hash, word.bits);
    }
    return hash;
}
