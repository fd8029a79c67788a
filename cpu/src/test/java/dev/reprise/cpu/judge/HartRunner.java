package dev.reprise.cpu.judge;

import dev.reprise.cpu.bus.MmioDevice;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.bus.Platform;
import dev.reprise.cpu.interpret.Execution;
import dev.reprise.cpu.interpret.Hart;
import dev.reprise.cpu.interpret.HartConfig;
import dev.reprise.cpu.interpret.StopReason;
import java.io.IOException;
import java.util.SplittableRandom;

/** Runs an image on this project's hart, on a board with just the registers that the programs touch. */
final class HartRunner {
    /** Far more than any batch takes. */
    private static final long MAX_STEPS = 60_000_000;
    private static final long RAM_BYTES = 64 << 20;

    /** Looks at the machine around every step. */
    interface Observer {
        void before(Hart hart, PhysicalBus bus);

        void after(Hart hart);
    }

    private final PhysicalBus bus = new PhysicalBus(Slot.RAM, RAM_BYTES);
    private final Hart hart;

    private HartRunner(byte[] image) {
        this(image, Execution.INTERPRETED);
    }

    private HartRunner(byte[] image, Execution execution) {
        hart = new Hart(HartConfig.of(Slot.RAM).with(execution), bus, new Timeless());
        bus.addDevice(0x0200_0000L, 0x1_0000, new Clint());
        Plic plic = new Plic();
        bus.addDevice(0x0c00_0000L, 0x40_0000, plic);
        bus.addDevice(0x1000_0000L, 0x100, new Transmitter(plic));
        bus.write(Slot.RAM, image, 0, image.length);
        hart.reset();
    }

    /** Runs in one piece. */
    static byte[] run(byte[] image) throws IOException {
        HartRunner runner = new HartRunner(image);
        StopReason reason = runner.hart.runUntil(MAX_STEPS);
        return runner.memory(image.length, reason);
    }

    /** Runs in one piece, with every instruction that can be translated before it is executed. */
    static byte[] runTranslated(byte[] image) throws IOException {
        HartRunner runner = new HartRunner(image, Execution.AT_FIRST_SIGHT);
        StopReason reason = runner.hart.runUntil(MAX_STEPS);
        if (runner.hart.translationFailure() != null) {
            throw new IOException("a defect of the translator", runner.hart.translationFailure());
        }
        return runner.memory(image.length, reason);
    }

    /** Runs in slices of random length, dropping all caches between some of them. */
    static byte[] runInSlices(byte[] image, long seed) throws IOException {
        HartRunner runner = new HartRunner(image);
        SplittableRandom random = new SplittableRandom(seed);
        StopReason reason = StopReason.LIMIT;
        while (reason == StopReason.LIMIT && runner.hart.step() < MAX_STEPS) {
            reason = runner.hart.runUntil(runner.hart.step() + 1 + random.nextInt(200));
            if (random.nextInt(20) == 0) {
                runner.hart.flushCaches();
            }
        }
        return runner.memory(image.length, reason);
    }

    /** Runs step by step. */
    static byte[] run(byte[] image, Observer observer) throws IOException {
        HartRunner runner = new HartRunner(image);
        StopReason reason = StopReason.LIMIT;
        while (reason == StopReason.LIMIT && runner.hart.step() < MAX_STEPS) {
            observer.before(runner.hart, runner.bus);
            reason = runner.hart.runUntil(runner.hart.step() + 1);
            observer.after(runner.hart);
        }
        return runner.memory(image.length, reason);
    }

    private byte[] memory(int length, StopReason reason) throws IOException {
        if (reason != StopReason.IDLE || bus.load(Slot.RAM + Slot.DONE, 8) != Slot.DONE_MAGIC) {
            throw new IOException("the program does not end on the hart: " + reason + " at pc 0x"
                    + Long.toHexString(hart.pc()) + ", step " + hart.step() + ", sequences done: "
                    + bus.load(Slot.RAM + Slot.PROGRESS, 8));
        }
        byte[] memory = new byte[length];
        bus.read(Slot.RAM, memory, 0, length);
        return memory;
    }

    /** Time stands still, as nothing that is compared may depend on it. */
    private static final class Timeless implements Platform {
        static final long NOW = 1_000;

        @Override
        public long timeTicks(long step) {
            return NOW;
        }

        @Override
        public long firstStepAtOrAfter(long ticks, long fromStep) {
            return Long.compareUnsigned(ticks, NOW) <= 0 ? fromStep : Long.MAX_VALUE;
        }

        @Override
        public long nextDeadlineStep() {
            return Long.MAX_VALUE;
        }

        @Override
        public void onDeadline(long step) {
            throw new IllegalStateException("there is no deadline");
        }

        @Override
        public boolean skipIdle(long step, long cpuDeadlineTicks) {
            return false;
        }
    }

    /** MSIP and MTIMECMP of hart 0. */
    private final class Clint implements MmioDevice {
        @Override
        public long load(long offset, int size) {
            return 0;
        }

        @Override
        public void store(long offset, int size, long value) {
            if (offset == 0) {
                hart.setInterruptLine(3, (value & 1) != 0);
            } else if (offset == 0x4000) {
                hart.setInterruptLine(7, Long.compareUnsigned(value, Timeless.NOW) <= 0);
            }
        }
    }

    /** The enable bits of source 10 for M and for S, and its pending bit, which a claim clears. */
    private final class Plic implements MmioDevice {
        private static final int CLAIM_FOR_M = 0x20_0004;
        private static final int SOURCE = 10;
        private boolean pending;
        private boolean enabledForM;
        private boolean enabledForS;

        @Override
        public long load(long offset, int size) {
            if (offset != CLAIM_FOR_M || !pending || !enabledForM) {
                return 0;
            }
            pending = false;
            update();
            return SOURCE;
        }

        @Override
        public void store(long offset, int size, long value) {
            boolean enabled = (value >>> SOURCE & 1) != 0;
            if (offset == 0x2000) {
                enabledForM = enabled;
            } else if (offset == 0x2080) {
                enabledForS = enabled;
            }
            update();
        }

        void request() {
            pending = true;
            update();
        }

        private void update() {
            hart.setInterruptLine(11, pending && enabledForM);
            hart.setInterruptLine(9, pending && enabledForS);
        }
    }

    /** A UART whose transmitter is always empty: enabling its interrupt raises it. */
    private record Transmitter(Plic plic) implements MmioDevice {
        @Override
        public long load(long offset, int size) {
            return 0;
        }

        @Override
        public void store(long offset, int size, long value) {
            if (offset == 1 && (value & 2) != 0) {
                plic.request();
            }
        }
    }
}
