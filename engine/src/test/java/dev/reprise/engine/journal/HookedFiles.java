package dev.reprise.engine.journal;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

/** Files of which a test is told before each call that changes something, so that it can wait there, or fail. */
public final class HookedFiles {

    /** What a test does. */
    public interface Hook {

        /**
         * Called by the thread that makes the call.
         *
         * @param call the method's name: of the layer ({@code create}) or of a file of it ({@code write}, {@code force})
         */
        void before(String call) throws Throwable;
    }

    /** Reads in place of a file. */
    public interface Reading {
        int read(LogFile file, ByteBuffer into, long position) throws IOException;
    }

    private HookedFiles() {}

    public static FileLayer reading(FileLayer files, Reading reading) {
        return proxy(FileLayer.class, (proxy, method, args) -> {
            Object result = invoke(method, files, args);
            return !(result instanceof LogFile file) ? result : proxy(LogFile.class, (of, call, values) -> {
                if (call.isDefault()) {
                    return InvocationHandler.invokeDefault(of, call, values);
                }
                return call.getName().equals("read") ? reading.read(file, (ByteBuffer) values[0], (long) values[1])
                        : invoke(call, file, values);
            });
        });
    }

    public static FileLayer of(FileLayer files, Hook hook) {
        return proxy(FileLayer.class, (proxy, method, args) -> {
            hook.before(method.getName());
            Object result = invoke(method, files, args);
            return result instanceof LogFile file ? of(file, hook) : result;
        });
    }

    private static LogFile of(LogFile file, Hook hook) {
        return proxy(LogFile.class, (proxy, method, args) -> {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, args);
            }
            hook.before(method.getName());
            return invoke(method, file, args);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(HookedFiles.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object on, Object[] args) throws Throwable {
        try {
            return method.invoke(on, args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
