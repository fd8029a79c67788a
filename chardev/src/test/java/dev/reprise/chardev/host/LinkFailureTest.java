package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.chardev.UartMachine;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a backend says of a host whose peers cannot come: the first reason, and only while it holds. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkFailureTest {

    /** Refuses so many times, and then waits for its end. */
    private static final class Refusing implements HostLink {

        private final boolean mayReturn;
        private volatile int refusals;
        private volatile boolean closed;

        Refusing(int refusals, boolean mayReturn) {
            this.refusals = refusals;
            this.mayReturn = mayReturn;
        }

        @Override
        public String name() {
            return "stub";
        }

        @Override
        public Connection next() throws IOException {
            if (refusals-- > 0) {
                throw new IOException("no descriptors left");
            }
            while (!closed) {
                Thread.onSpinWait();
            }
            return null;
        }

        @Override
        public Connection poll() {
            return null;
        }

        @Override
        public boolean mayReturn() {
            return mayReturn;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            throw new IOException("closed badly");
        }
    }

    private static LinkBackend started(HostLink link, Session session) {
        LinkBackend backend = new LinkBackend(link, false, false, WhenFull.WAIT, null);
        backend.start(session, UartMachine.DEVICE);
        return backend;
    }

    @Test
    void shouldKeepTheFirstReasonWhateverTheEndBrings() {
        Session session = Sessions.off(UartMachine.config());
        LinkBackend backend = started(new Refusing(1, false), session);
        while (backend.counters().failure() == null) {
            Thread.onSpinWait();
        }
        session.close();
        backend.stop();
        assertEquals("no descriptors left", backend.counters().failure());
    }

    @Test
    void shouldSayWhatKeepsPeersFromComingOnlyAsLongAsItDoes() {
        Session session = Sessions.off(UartMachine.config());
        Refusing link = new Refusing(2, true);
        LinkBackend backend = started(link, session);
        while (backend.counters().failure() == null) {
            Thread.onSpinWait();
        }
        session.close();
        while (link.refusals >= 0) {
            Thread.onSpinWait();
        }
        backend.stop();
        // It has gone on by now, or does in a moment; and closing it badly is no failure of the run.
        while (backend.counters().failure() != null) {
            assertEquals("no descriptors left", backend.counters().failure());
        }
    }
}
