package dev.reprise.machine.board;

/** The engine's state interfaces in the form that the CPU knows, since it knows no engine. */
final class CpuState {

    private CpuState() {}

    static dev.reprise.cpu.bus.StateSink sink(dev.reprise.engine.StateSink to) {
        return new dev.reprise.cpu.bus.StateSink() {
            @Override
            public void putLong(long value) {
                to.putLong(value);
            }

            @Override
            public void putInt(int value) {
                to.putInt(value);
            }

            @Override
            public void putBytes(byte[] bytes, int offset, int length) {
                to.putBytes(bytes, offset, length);
            }
        };
    }

    static dev.reprise.cpu.bus.StateSource source(dev.reprise.engine.StateSource from) {
        return new dev.reprise.cpu.bus.StateSource() {
            @Override
            public long getLong() {
                return from.getLong();
            }

            @Override
            public int getInt() {
                return from.getInt();
            }

            @Override
            public void getBytes(byte[] bytes, int offset, int length) {
                from.getBytes(bytes, offset, length);
            }
        };
    }
}
