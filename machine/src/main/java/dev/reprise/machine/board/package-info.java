/**
 * The board: register models of its devices, the wires between them, guest time, and {@link
 * dev.reprise.machine.board.MachineGuest}, which the engine drives. Everything here belongs to the guest thread, and nothing
 * here calls the host: what the guest needs from outside it asks the session for.
 */
package dev.reprise.machine.board;
