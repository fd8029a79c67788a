package dev.reprise.machine.run;

import com.sun.management.ThreadMXBean;
import dev.reprise.engine.Guest;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import java.lang.management.ManagementFactory;

/** The thread that a guest runs on, with the figures that only it can take: CPU time and what it has allocated. */
public final class GuestThread {

    /** Page-table walks and traps do not recurse; this is for the compilers' deep inlining, with room to spare. */
    private static final long STACK_BYTES = 16L << 20;

    private final Session session;
    private final Guest guest;
    private final Thread thread;

    // Written by the guest thread before it ends, read after join.
    private RunResult result;
    private Throwable failure;
    private long cpuNs;
    private long wallNs;
    private long allocatedBytes;

    public GuestThread(Session session, Guest guest) {
        this.session = session;
        this.guest = guest;
        thread = new Thread(null, this::run, "guest", STACK_BYTES);
    }

    private void run() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try {
            result = session.run(guest);
        } catch (Throwable e) {
            failure = e;
        } finally {
            wallNs = System.nanoTime() - start;
            cpuNs = threads.getCurrentThreadCpuTime();
            allocatedBytes = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        }
    }

    /** Runs the guest to its end. */
    public void runToEnd() throws InterruptedException {
        thread.start();
        thread.join();
    }

    /** The result, or null if the run failed. */
    public RunResult result() {
        return result;
    }

    /** What ended the run without a result, or null. */
    public Throwable failure() {
        return failure;
    }

    public long cpuNs() {
        return cpuNs;
    }

    public long wallNs() {
        return wallNs;
    }

    /** Bytes of heap that the thread has asked for while the guest ran, RAM touched for the first time included. */
    public long allocatedBytes() {
        return allocatedBytes;
    }
}
