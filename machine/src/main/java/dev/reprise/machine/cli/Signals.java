package dev.reprise.machine.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final AtomicBoolean asked = new AtomicBoolean();
    private final Object[] previous = new Object[NAMES.length];

    /** @param onFirst called with the signal's number, on a thread of the JVM */
    Signals(IntConsumer onFirst) {
        for (int i = 0; i < NAMES.length; i++) {
            int number = NUMBERS[i];
            previous[i] = install(NAMES[i], proxy(() -> {
                if (asked.getAndSet(true)) {
                    Runtime.getRuntime().halt(SIGNAL_BASE + number);
                }
                onFirst.accept(number);
            }));
        }
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

    /** Gives the signals back to who had them before. */
    void close() {
        for (int i = 0; i < NAMES.length; i++) {
            if (previous[i] != null) {
                install(NAMES[i], previous[i]);
            }
        }
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

    private static Object install(String name, Object handler) {
        if (handler == null) {
            return null;
        }
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
