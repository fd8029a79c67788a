package dev.reprise.machine.load;

/**
 * Bytes that stand in RAM when the machine is switched on.
 *
 * @param what for messages: which image it is
 * @param address physical
 * @param source the array that holds them
 * @param offset their start in it
 * @param length how many
 * @param memoryBytes what they take in RAM; the rest is zero already
 */
public record Placement(String what, long address, byte[] source, int offset, int length, long memoryBytes) {

    long end() {
        return address + memoryBytes;
    }
}
