package dev.reprise.machine.board;

import dev.reprise.cpu.interpret.Execution;

/**
 * What is fixed for the life of a board.
 *
 * @param ramBytes size of RAM
 * @param sv48 whether the MMU has Sv48; if not, Sv39
 * @param idleJumps whether an idle hart moves guest time to its next deadline by itself
 * @param rtcEpochSeconds the wall clock at guest time 0; not used if {@code hostWallClock}
 * @param hostWallClock whether the wall clock is the host's, as a recorded outcome
 * @param entropy which entropy device there is
 * @param tohost address of the ELF's tohost word, 0 if there is none
 * @param fromhost address of the ELF's fromhost word, 0 if there is none
 * @param execution how instructions are executed; the only thing here that the guest cannot see
 */
public record BoardConfig(
        long ramBytes, boolean sv48, boolean idleJumps, long rtcEpochSeconds, boolean hostWallClock, EntropyKind entropy,
        long tohost, long fromhost, Execution execution) {}
