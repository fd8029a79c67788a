package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import java.util.function.LongSupplier;

/**
 * The wall clock of the board: Goldfish RTC ("Goldfish virtual hardware", RTC), nanoseconds since 1970.
 *
 * <pre>
 *   0x00 TIME_LOW   0x04 TIME_HIGH (latched by the load of TIME_LOW)
 *   0x08 ALARM_LOW (arms)   0x0c ALARM_HIGH   0x10 IRQ_ENABLED
 *   0x14 CLEAR_ALARM        0x18 ALARM_STATUS 0x1c CLEAR_INTERRUPT
 * </pre>
 *
 * <p>The wall time comes from the run (guest time, or a recorded outcome); an alarm is awaited in guest time from the
 * moment at which it was armed. Aligned words only; other accesses fault.
 */
public final class GoldfishRtc implements BoardDevice, TimedDevice {

    private static final int END_OFFSET = 0x24;

    private final GuestTime time;
    private final LongSupplier wallNs;
    private final InterruptLine line;

    private long offsetNs;
    private long alarmNs;
    private long alarmDeadlineNs = NEVER;
    private int timeHigh;
    private boolean pending;
    private boolean enabled;

    /** @param wallNs nanoseconds since 1970 now */
    public GoldfishRtc(GuestTime time, LongSupplier wallNs, InterruptLine line) {
        this.time = time;
        this.wallNs = wallNs;
        this.line = line;
    }

    @Override
    public String name() {
        return "rtc";
    }

    @Override
    public int revision() {
        return 1;
    }

    @Override
    public long load(long offset, int size) {
        check(offset, size);
        long value = switch ((int) offset) {
            case 0x00 -> {
                long now = count();
                timeHigh = (int) (now >>> 32);
                yield now;
            }
            case 0x04 -> timeHigh;
            case 0x08 -> alarmNs;
            case 0x0c -> alarmNs >>> 32;
            case 0x10 -> enabled ? 1 : 0;
            case 0x18 -> alarmDeadlineNs != NEVER ? 1 : 0;
            default -> 0;
        };
        return value & 0xffff_ffffL;
    }

    @Override
    public void store(long offset, int size, long value) {
        check(offset, size);
        long low = value & 0xffff_ffffL;
        switch ((int) offset) {
            case 0x00 -> setCount(low, 0);
            case 0x04 -> setCount(low, 32);
            case 0x08 -> {
                alarmNs = alarmNs & ~0xffff_ffffL | low;
                arm();
            }
            case 0x0c -> alarmNs = alarmNs & 0xffff_ffffL | low << 32;
            case 0x10 -> {
                enabled = (low & 1) != 0;
                drive();
            }
            case 0x14 -> alarmDeadlineNs = NEVER;
            case 0x1c -> {
                pending = false;
                drive();
            }
            default -> { }
        }
    }

    private static void check(long offset, int size) {
        if (size != Integer.BYTES || (offset & 3) != 0 || offset >= END_OFFSET) {
            throw BusFault.INSTANCE;
        }
    }

    private long count() {
        return wallNs.getAsLong() + offsetNs;
    }

    private void setCount(long half, int shift) {
        long now = count();
        offsetNs += (now & ~(0xffff_ffffL << shift) | half << shift) - now;
    }

    private void arm() {
        long now = count();
        if (Long.compareUnsigned(alarmNs, now) <= 0) {
            onDeadline();
            return;
        }
        long fromNow = alarmNs - now;
        long deadline = time.nowNs() + fromNow;
        // An alarm further away than guest time can count stays armed and is awaited by nobody.
        alarmDeadlineNs = fromNow < 0 || deadline < 0 ? NEVER - 1 : deadline;
    }

    @Override
    public long deadlineNs() {
        return alarmDeadlineNs;
    }

    @Override
    public void onDeadline() {
        alarmDeadlineNs = NEVER;
        pending = true;
        drive();
    }

    private void drive() {
        line.set(pending && enabled);
    }

    /** The offset stays, as a clock with a battery would. */
    @Override
    public void reset() {
        alarmNs = 0;
        alarmDeadlineNs = NEVER;
        timeHigh = 0;
        pending = false;
        enabled = false;
        line.set(false);
    }

    @Override
    public void save(StateSink sink) {
        sink.putLong(offsetNs);
        sink.putLong(alarmNs);
        sink.putLong(alarmDeadlineNs);
        sink.putInt(timeHigh);
        sink.putInt((pending ? 1 : 0) | (enabled ? 2 : 0));
    }

    @Override
    public void load(StateSource source) {
        offsetNs = source.getLong();
        alarmNs = source.getLong();
        alarmDeadlineNs = source.getLong();
        timeHigh = source.getInt();
        int flags = source.getInt();
        if ((flags & ~3) != 0 || alarmDeadlineNs < 0) {
            throw new MalformedStateException("rtc: flags=" + flags + " alarmDeadlineNs=" + alarmDeadlineNs);
        }
        pending = (flags & 1) != 0;
        enabled = (flags & 2) != 0;
    }
}
