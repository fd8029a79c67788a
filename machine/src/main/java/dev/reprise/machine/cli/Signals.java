package dev.reprise.machine.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * SIGHUP, SIGINT and SIGTERM: the first asks the run to end, the second ends the process at once.
 *
 * <p>Shutdown hooks alone cannot tell which signal it was, nor see a second one. The JDK's handler class lives outside
 * the Java specification and compiling against it warns, so it is looked up by name; where it is missing, signals end
 * the process as they always did.
 */
final class Signals {

    private static final String[] NAMES = {"HUP", "INT", "TERM"};
    private static final int[] NUMBERS = {1, 2, 15};
    private static final int SIGNAL_BASE = 128;
    /** How long after a signal a file or a host may take to open. */
    private static final long OPENING_NS = 5_000_000_000L;

    private static Signals installed;

    // Set by the JVM's signal thread, read by the thread of the command.
    private volatile int received;
    private volatile IntConsumer target;
    private volatile boolean wasAttached;
    private volatile boolean opening;

    private Signals() {}

    /**
     * Takes over the three signals for the rest of the process. A signal that comes before anybody is attached is kept,
     * so that a recording which is just being made still ends whole; but not for long: a file or a host that is just being
     * opened may never answer.
     */
    static synchronized Signals install() {
        if (installed == null) {
            installed = new Signals();
            for (int i = 0; i < NAMES.length; i++) {
                installed.handle(NAMES[i], NUMBERS[i]);
            }
        }
        return installed;
    }

    private void handle(String name, int number) {
        install(name, proxy(() -> {
            if (received != 0) {
                Runtime.getRuntime().halt(SIGNAL_BASE + number);
            }
            received = number;
            IntConsumer present = target;
            if (present != null) {
                present.accept(number);
            } else if (!wasAttached) {
                endUnlessAttached(number);
            }
        }));
    }

    /** Who is told, on a thread of the JVM; at once if a signal has come already. Perhaps twice. */
    void attach(IntConsumer listener) {
        wasAttached = true;
        target = listener;
        if (received != 0) {
            listener.accept(received);
        }
    }

    private void endUnlessAttached(int number) {
        Thread end = new Thread(() -> {
            long until = System.nanoTime() + OPENING_NS;
            while (!wasAttached && !(opening && System.nanoTime() > until)) {
                LockSupport.parkNanos(OPENING_NS / 100);
            }
            if (!wasAttached) {
                System.err.println("reprise: ended by " + name(number) + " before the machine has started");
                System.exit(SIGNAL_BASE + number);
            }
        }, "signal");
        end.setDaemon(true);
        end.start();
    }

    void detach() {
        target = null;
    }

    /** Whether a file or a host is being opened from now on, which may wait for ever: not while a recording is being made. */
    void opening(boolean now) {
        opening = now;
    }

    /** The number of the signal that has come, or 0. */
    int received() {
        return received;
    }

    /** As people call it: SIGINT; a number for others. */
    static String name(int number) {
        for (int i = 0; i < NUMBERS.length; i++) {
            if (NUMBERS[i] == number) {
                return "SIG" + NAMES[i];
            }
        }
        return "signal " + number;
    }

    private static Object proxy(Runnable action) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (self, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                default -> "signal handler";
            };
            return Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, invocation);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static void install(String name, Object handler) {
        if (handler == null) {
            return;
        }
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (ReflectiveOperationException e) {
            // Not this JVM's signal to take: it keeps its usual effect.
            return;
        }
    }
}
