package dev.reprise.proptest;

import dev.reprise.proptest.toy.FrameConsole;

/** The contract in its two lines, on a toy that stops at the ends of frames. */
class FrameConsoleDeterminismTest extends DeterminismContract {
    @Override protected GuestFactory guest() { return FrameConsole::new; }
}
