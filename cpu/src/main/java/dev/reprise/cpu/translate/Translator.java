package dev.reprise.cpu.translate;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Translates plans in the background, in the order in which they come. {@link #submit} and {@link #poll} are the guest
 * thread's. The background thread ends by itself when there is nothing to do.
 *
 * <p>A region is handed over when the JVM has compiled it: uncompiled it would be an order slower than our interpreter. The JVM
 * is asked to ({@link JvmCompiler}), where it can be; elsewhere a region is called, to no effect, as often as the JVM wants before
 * it compiles, and then looked at until such a call has become fast ({@link CompilationWatch}). A launcher can tell the JVM more
 * about the two kinds of regions, by the names of their classes.
 */
public class Translator {
    /** Few, so that what has become hotter meanwhile does not wait long. */
    private static final int MAX_WAITING = 24;
    private static final long KEEP_ALIVE_MS = 500;
    /** How often it is looked whether the JVM has compiled a region, and how many times in all: then it is handed over as it is. */
    private static final long LOOK_EVERY_MS = 1;
    private static final int MAX_LOOKS = 500;

    private final RegionCompiler compiler;
    private final int callsInVain;
    private final ScheduledThreadPoolExecutor background;
    private final ConcurrentLinkedQueue<RegionCode> done = new ConcurrentLinkedQueue<>();
    private volatile int finished;
    private volatile int failures;
    private volatile Throwable lastFailure;
    private int taken;
    private int submitted;

    /**
     * @param maxInstructions most guest instructions of a warm region, at least 1
     * @param callsInVain how often a region is called before it is handed over
     * @param inBackground false: {@link #submit} translates before it returns, for tests
     */
    public Translator(int maxInstructions, int callsInVain, boolean inBackground) {
        this(maxInstructions, callsInVain, true, inBackground);
    }

    /**
     * As above.
     *
     * @param machineCode whether warm regions are machine code of our own, where there is such a thing
     */
    public Translator(int maxInstructions, int callsInVain, boolean machineCode, boolean inBackground) {
        this.callsInVain = callsInVain;
        compiler = new RegionCompiler(maxInstructions, machineCode && HostCode.isOpen());
        background = inBackground ? new ScheduledThreadPoolExecutor(1, Translator::thread) : null;
        if (background != null) {
            background.setKeepAliveTime(KEEP_ALIVE_MS, TimeUnit.MILLISECONDS);
            background.allowCoreThreadTimeOut(true);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "translator");
        thread.setDaemon(true);
        return thread;
    }

    /** Whether more plans are wanted now; others come again when their block is met again. */
    public boolean isReady() {
        return submitted - taken < MAX_WAITING;
    }

    /** Asks for a translation. */
    public void submit(RegionPlan plan) {
        submitted++;
        if (background == null) {
            handOver(translate(plan));
            return;
        }
        background.execute(() -> {
            RegionCode code = translate(plan);
            if (code.region() == null || callsInVain == 0 || code.region() instanceof HostRegion) {
                handOver(code);
            } else {
                handOverWhenCompiled(code, haveCompiled(code), MAX_LOOKS);
            }
        });
    }

    /** Has the JVM compile a region; whether it has by now. */
    private BooleanSupplier haveCompiled(RegionCode code) {
        if (!JvmCompiler.isOpen()) {
            return new CompilationWatch(code.region(), callsInVain)::isCompiled;
        }
        try {
            return JvmCompiler.compile(code.region(), code.plan().tier());
        } catch (IllegalStateException e) {
            // It runs as it is, slow until the JVM compiles it unasked.
            fail(e);
            return () -> true;
        }
    }

    private void handOverWhenCompiled(RegionCode code, BooleanSupplier isCompiled, int looks) {
        if (looks == 0 || isCompiled.getAsBoolean()) {
            handOver(code);
        } else {
            background.schedule(() -> handOverWhenCompiled(code, isCompiled, looks - 1), LOOK_EVERY_MS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private RegionCode translate(RegionPlan plan) {
        try {
            return compile(plan);
        } catch (RuntimeException | Error e) {
            // The interpreter runs what cannot be translated, for want of memory too; tests look at failures().
            fail(e);
            return RegionCode.nothing(plan);
        }
    }

    private void fail(Throwable e) {
        lastFailure = e;
        failures++;
    }

    /** Overridden by tests that plant a bug. */
    protected RegionCode compile(RegionPlan plan) {
        return compiler.compile(plan);
    }

    private void handOver(RegionCode code) {
        done.add(code);
        finished++;
    }

    /** Whether {@link #poll} has something to give; as cheap as a read of a field. */
    public boolean hasFinished() {
        return finished != taken;
    }

    /** The next translation that is finished, or null. */
    public RegionCode poll() {
        RegionCode code = done.poll();
        if (code != null) {
            taken++;
        }
        return code;
    }

    /** Plans that could not be translated because of a defect here; 0 is expected. */
    public int failures() {
        return failures;
    }

    /** What the last of {@link #failures} was, or null. */
    public Throwable lastFailure() {
        return lastFailure;
    }
}
