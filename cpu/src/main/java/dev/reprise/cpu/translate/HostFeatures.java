package dev.reprise.cpu.translate;

/**
 * What not every processor of this kind has.
 *
 * @param fma FMA3
 * @param popcnt POPCNT
 */
record HostFeatures(boolean fma, boolean popcnt) {
}
