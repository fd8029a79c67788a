package dev.reprise.chardev;

import dev.reprise.chardev.guest.GuestTimer;
import dev.reprise.chardev.guest.Uart16550;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest;
import dev.reprise.engine.GuestClock;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;

/**
 * The smallest machine with a UART: it reads what comes, sends it back, and ends at the character EOT or when the link
 * closes and everything was read. One access to the UART is one step.
 */
public final class UartMachine implements Guest {

    public static final int EOT = 4;
    public static final int DEVICE = 1;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int DATA = 0;
    private static final int FIFO_CONTROL = 2;
    private static final int LINE_STATUS = 5;

    private final Session session;
    private final Uart16550 uart;
    private final boolean reads;
    private final boolean spins;
    private final boolean serves;
    private long steps;
    private long dueNs = NEVER;
    private long received;
    private int echo = -1;
    /** The last step found nothing to do, and nothing has happened since. */
    private boolean idle;

    /**
     * @param reads whether it ever looks at what comes
     * @param spins whether it runs on when it has nothing to do, instead of being idle
     */
    public UartMachine(Session session, boolean reads, boolean spins) {
        this(session, reads, spins, false);
    }

    /** @param serves whether it waits for another peer when one is gone, as long as there may be one */
    public UartMachine(Session session, boolean reads, boolean spins, boolean serves) {
        this.serves = serves;
        this.session = session;
        this.reads = reads;
        this.spins = spins;
        uart = new Uart16550(session, DEVICE, 3_686_400, level -> { }, new Timer());
        uart.start();
        uart.store(FIFO_CONTROL, 1, 0x81);
    }

    public static SessionConfig config() {
        return SessionConfig.of("uart-machine").clock(ClockMode.INSTRUCTIONS, 100 * GuestClock.RATE_ONE)
                .digestEvery(1000).device("serial0", "uart16550", Uart16550.MODEL_REVISION);
    }

    public long received() {
        return received;
    }

    @Override
    public Status runUntil(long limit) {
        while (steps < limit) {
            if (dueNs <= session.clock().ns(steps)) {
                dueNs = NEVER;
                uart.timerDue();
                idle = false;
                if (nothingToDo()) {
                    // A deadline that woke nobody is a step too, for the same reason as below.
                    steps++;
                }
            } else if (nothingToDo()) {
                if (dueNs == NEVER) {
                    return Status.IDLE;
                }
                // A step of its own, or an input stamped here could stand on either side of the jump.
                session.clock().jumpTo(steps++, dueNs);
            } else if (!step()) {
                return Status.STOPPED;
            }
        }
        return Status.RAN;
    }

    /** Looks at no register: a look changes some, and where it is stopped must not be visible. */
    private boolean nothingToDo() {
        return !spins && (!reads || idle);
    }

    /** False if the run ends. */
    private boolean step() {
        boolean goesOn = true;
        if (reads) {
            long status = uart.load(LINE_STATUS, 1);
            if ((status & 0x20) == 0) {
                // What the host has not taken waits in the transmitter: nothing ends, and nothing is read, before it is gone.
                idle = true;
            } else if (echo >= 0) {
                uart.store(DATA, 1, echo);
                echo = -1;
            } else if ((status & 1) != 0) {
                echo = (int) uart.load(DATA, 1);
                received++;
                goesOn = echo != EOT;
            } else if (!serves && !uart.linkOpen()) {
                goesOn = false;
            } else {
                idle = true;
            }
            if (!goesOn) {
                session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 0);
            }
        }
        steps++;
        return goesOn;
    }

    @Override
    public long position() {
        return steps;
    }

    @Override
    public void apply(Event input) {
        idle = false;
        if (input.kind() != EventKind.CLOCK_ADJUST) {
            uart.apply(input);
        }
    }

    @Override
    public void digest(StateSink sink) {
        sink.putLong(steps);
        sink.putLong(received);
        sink.putInt(echo);
        sink.putByte(idle ? 1 : 0);
        uart.write(sink);
    }

    @Override
    public void reset(ResetCause cause) {
        uart.reset();
        echo = -1;
        idle = false;
    }

    @Override
    public long idleDeadlineNs() {
        return dueNs;
    }

    private final class Timer implements GuestTimer {
        @Override
        public long nowNs() {
            return session.clock().ns(steps);
        }

        @Override
        public void armNs(long guestNs) {
            dueNs = guestNs;
        }

        @Override
        public void cancel() {
            dueNs = NEVER;
        }
    }
}
