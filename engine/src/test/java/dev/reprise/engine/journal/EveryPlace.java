package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks at places 0, step, 2 step, ... before an end, on all cores; says how far it is when that takes long. */
final class EveryPlace {

    private static final int PLACES_AT_ONCE = 256;
    private static final long SAID_EVERY_NS = 20_000_000_000L;

    /** One thread's own. */
    interface Look {
        void at(int place) throws Exception;
    }

    /** Makes what each thread needs for itself. */
    interface Looks {
        Look make() throws Exception;
    }

    private final String what;
    private final int end;
    private final int step;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger looked = new AtomicInteger();
    private final long start = System.nanoTime();
    private long said = start;

    EveryPlace(String what, int end, int step) {
        this.what = what;
        this.end = end;
        this.step = step;
    }

    /** Throws what the first place throws at which something is wrong, of one of the threads. */
    void look(Looks looks) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    work(looks.make());
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) failed.getCause();
        } finally {
            pool.shutdownNow();
        }
        assertEquals((end + step - 1) / step, looked.get(), "places looked at");
        System.out.printf("journal: %d of %d %s, after %d s%n", looked.get(), end, what,
                (System.nanoTime() - start) / 1_000_000_000);
    }

    private void work(Look look) throws Exception {
        int places = (end + step - 1) / step;
        while (true) {
            int from = next.getAndAdd(PLACES_AT_ONCE);
            if (from >= places) {
                return;
            }
            int to = Math.min(places, from + PLACES_AT_ONCE);
            for (int place = from; place < to; place++) {
                look.at(place * step);
            }
            say(looked.addAndGet(to - from), places);
        }
    }

    private synchronized void say(int done, int places) {
        long now = System.nanoTime();
        if (now - said >= SAID_EVERY_NS) {
            said = now;
            long seconds = (now - start) / 1_000_000_000;
            System.out.printf("journal: %d of %d places, %d s, %d s left: %s%n", done, places, seconds,
                    seconds * (places - done) / done, what);
        }
    }
}
