/**
 * Physical memory and what the CPU sees of the board: RAM, read-only memory, device windows, the store hook, interrupt
 * deadlines and the canonical state.
 */
package dev.reprise.cpu.bus;
