package dev.reprise.engine;

import java.util.function.Consumer;
import dev.reprise.engine.event.Event;

/** The guest whose recording by revision 1 of the session is among the test resources: {@code revision1}. */
final class OldRun {

    private final byte[] bytes = new byte[90];

    static SessionConfig config() {
        return SessionConfig.of("old-run").device("serial", "uart").digestEvery(1_000).outputBytes(128).durability(0)
                .setting("colour", "green");
    }

    void step(StepGuest guest, long position) {
        Session session = guest.session();
        if (position % 50 == 0) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (position + i);
            }
            guest.learn(session.output(1, bytes, 0, bytes.length));
            guest.learn(session.output(1, (byte) position));
        }
        if (position % 70 == 0) {
            guest.learn(session.readClock(ClockKind.HOST));
            guest.learn(session.ask(3, System::nanoTime));
        }
        if (position % 900 == 0) {
            session.random(bytes, 0, 16);
            guest.learn(bytes, 0, 16);
            guest.idleUntil(session.clock().ns(position) + 500_000);
        }
        if (position == 2_000) {
            guest.askForReset();
        }
        if (position == 5_000) {
            guest.end(7);
        }
    }
}
