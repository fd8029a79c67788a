package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * Software and timer interrupts of one hart, as SiFive's CLINT (RISC-V ACLINT specification 1.0, chapters 2 and 3).
 *
 * <pre>
 *   0x0000  msip, 4 bytes, bit 0       drives MSIP
 *   0x4000  mtimecmp, 8 bytes          MTIP is high while mtime is at or above it, unsigned
 *   0xbff8  mtime, 8 bytes             the time CSR; writable
 * </pre>
 *
 * <p>Other registers up to 0xc000 read as zero; accesses of other sizes, misaligned ones and those above fault.
 */
public final class Clint implements BoardDevice, TimedDevice {

    private static final int MTIMER_OFFSET = 0x4000;
    private static final int MTIME_OFFSET = 0xbff8;
    private static final int END_OFFSET = 0xc000;

    private final GuestTime time;
    private final InterruptLine softwareLine;
    private final InterruptLine timerLine;

    private boolean msip;
    private long mtimecmp;
    private boolean mtip;

    public Clint(GuestTime time, InterruptLine softwareLine, InterruptLine timerLine) {
        this.time = time;
        this.softwareLine = softwareLine;
        this.timerLine = timerLine;
        this.mtimecmp = -1;
    }

    @Override
    public String name() {
        return "clint";
    }

    @Override
    public int revision() {
        return 1;
    }

    @Override
    public long load(long offset, int size) {
        check(offset, size);
        if (offset < MTIMER_OFFSET) {
            return offset == 0 && msip ? 1 : 0;
        }
        long register;
        if (offset < MTIMER_OFFSET + Long.BYTES) {
            register = mtimecmp;
        } else if (offset >= MTIME_OFFSET) {
            register = time.nowTicks();
        } else {
            return 0;
        }
        return size == Long.BYTES ? register : register >>> ((offset & 4) * 8) & 0xffff_ffffL;
    }

    @Override
    public void store(long offset, int size, long value) {
        check(offset, size);
        if (offset < MTIMER_OFFSET) {
            if (offset == 0) {
                msip = (value & 1) != 0;
                softwareLine.set(msip);
            }
        } else if (offset < MTIMER_OFFSET + Long.BYTES) {
            mtimecmp = merge(mtimecmp, offset, size, value);
            compare();
        } else if (offset >= MTIME_OFFSET) {
            time.setNowTicks(merge(time.nowTicks(), offset, size, value));
            compare();
        }
    }

    private static void check(long offset, int size) {
        boolean sizeFits = size == Integer.BYTES || size == Long.BYTES && offset >= MTIMER_OFFSET;
        if (!sizeFits || (offset & (size - 1)) != 0 || offset >= END_OFFSET) {
            throw BusFault.INSTANCE;
        }
    }

    private static long merge(long old, long offset, int size, long value) {
        if (size == Long.BYTES) {
            return value;
        }
        long shift = (offset & 4) * 8;
        return old & ~(0xffff_ffffL << shift) | (value & 0xffff_ffffL) << shift;
    }

    private void compare() {
        mtip = Long.compareUnsigned(time.nowTicks(), mtimecmp) >= 0;
        timerLine.set(mtip);
    }

    @Override
    public long deadlineNs() {
        long step = time.nowStep();
        return mtip ? time.nsOfWrap(step) : time.nsOfTicks(mtimecmp, step);
    }

    @Override
    public void onDeadline() {
        compare();
    }

    /** mtime starts again at zero; mtimecmp, which the specification leaves open, at its largest value. */
    @Override
    public void reset() {
        msip = false;
        mtimecmp = -1;
        mtip = false;
        time.setNowTicks(0);
        softwareLine.set(false);
        timerLine.set(false);
    }

    @Override
    public void save(StateSink sink) {
        sink.putInt((msip ? 1 : 0) | (mtip ? 2 : 0));
        sink.putLong(mtimecmp);
        sink.putLong(time.biasTicks());
    }

    @Override
    public void load(StateSource source) {
        int flags = source.getInt();
        if ((flags & ~3) != 0) {
            throw new MalformedStateException("clint: flags=" + flags);
        }
        msip = (flags & 1) != 0;
        mtip = (flags & 2) != 0;
        mtimecmp = source.getLong();
        time.biasTicks(source.getLong());
    }
}
