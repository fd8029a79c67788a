package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * The test and power device (SiFive's test finisher): a store at offset 0 of 0x5555 powers off with pass, of
 * {@code code << 16 | 0x3333} with a failure, of 0x7777 resets. Loads give zero. Two or four bytes, aligned.
 */
public final class TestDevice implements BoardDevice {

    private static final int PASS = 0x5555;
    private static final int FAIL = 0x3333;
    private static final int RESET = 0x7777;

    private final PowerControl power;

    public TestDevice(PowerControl power) {
        this.power = power;
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public int revision() {
        return 1;
    }

    @Override
    public long load(long offset, int size) {
        check(offset, size);
        return 0;
    }

    @Override
    public void store(long offset, int size, long value) {
        check(offset, size);
        if (offset != 0) {
            return;
        }
        int code = size == Integer.BYTES ? (int) (value >>> 16) & 0xffff : 0;
        switch ((int) value & 0xffff) {
            case PASS -> power.powerOff(true, 0);
            case FAIL -> power.powerOff(false, code);
            case RESET -> power.reset();
            default -> { }
        }
    }

    private static void check(long offset, int size) {
        if (size != 2 && size != 4 || (offset & (size - 1)) != 0) {
            throw BusFault.INSTANCE;
        }
    }

    @Override
    public void reset() {}

    @Override
    public void save(StateSink sink) {}

    @Override
    public void load(StateSource source) {}
}
