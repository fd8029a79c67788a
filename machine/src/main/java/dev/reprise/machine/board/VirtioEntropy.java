package dev.reprise.machine.board;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * Entropy for the guest as a virtio device (virtio 1.2: section 4.2 for the registers of virtio-mmio, version 2; section
 * 5.4 for the device): one queue, whose buffers are filled with fresh bytes of the host, a recorded outcome. It is served
 * within the store that notifies it, so what it does to RAM belongs to that step. A buffer gets at most
 * {@link #MOST_BYTES}; the specification lets a device use less than it is offered.
 *
 * <p>There on request alone ({@code --entropy virtio}), in the board's last window; without it that window is empty.
 */
public final class VirtioEntropy implements BoardDevice {

    /** The name in the manifest. */
    public static final String NAME = "entropy";
    public static final int REVISION = 1;
    /** Which of the board's windows it is in. */
    static final int WINDOW = MemoryMap.VIRTIO_WINDOWS - 1;
    /** Bytes of one buffer that are filled at most. */
    static final int MOST_BYTES = 4096;

    private static final int MAGIC = 0x7472_6976;
    private static final int VERSION = 2;
    private static final int DEVICE_ID = 4;
    private static final int VENDOR = 0x554d_4551;
    /** VIRTIO_F_VERSION_1, bit 32, is all that is offered. */
    private static final long FEATURES = 1L << 32;

    private static final int FEATURES_OK = 8;
    private static final int DRIVER_OK = 4;
    private static final int NEEDS_RESET = 64;
    private static final int USED_BUFFER = 1;
    private static final int CONFIGURATION_CHANGE = 2;

    private final Session session;
    private final PhysicalBus bus;
    private final InterruptLine line;
    private final VirtioQueue queue;
    private final VirtioQueue.Filler filler = this::fill;
    private final byte[] bytes = new byte[MOST_BYTES];

    // State, in the order of save(); the queue comes last.
    private int deviceFeaturesWord;
    private int driverFeaturesWord;
    private long driverFeatures;
    private int queueSelected;
    private int interrupts;
    private int status;

    public VirtioEntropy(Session session, PhysicalBus bus, InterruptLine line) {
        this.session = session;
        this.bus = bus;
        this.line = line;
        queue = new VirtioQueue(bus);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int revision() {
        return REVISION;
    }

    /** Registers are words; what is read in another size is zero. */
    @Override
    public long load(long offset, int size) {
        if ((offset & size - 1) != 0) {
            throw BusFault.INSTANCE;
        }
        if (size != Integer.BYTES) {
            return 0;
        }
        return switch ((int) offset) {
            case 0x000 -> MAGIC;
            case 0x004 -> VERSION;
            case 0x008 -> DEVICE_ID;
            case 0x00c -> VENDOR;
            case 0x010 -> deviceFeaturesWord == 1 ? FEATURES >>> 32 : deviceFeaturesWord == 0 ? FEATURES & 0xffff_ffffL : 0;
            case 0x034 -> queueSelected == 0 ? VirtioQueue.MAX_SIZE : 0;
            case 0x044 -> queueSelected == 0 && queue.ready ? 1 : 0;
            case 0x060 -> interrupts;
            case 0x070 -> status;
            default -> 0;
        };
    }

    @Override
    public void store(long offset, int size, long stored) {
        if ((offset & size - 1) != 0) {
            throw BusFault.INSTANCE;
        }
        if (size != Integer.BYTES) {
            return;
        }
        long value = stored & 0xffff_ffffL;
        switch ((int) offset) {
            case 0x014 -> deviceFeaturesWord = (int) value;
            case 0x020 -> {
                if (driverFeaturesWord == 0 || driverFeaturesWord == 1) {
                    int shift = 32 * driverFeaturesWord;
                    driverFeatures = driverFeatures & ~(0xffff_ffffL << shift) | value << shift;
                }
            }
            case 0x024 -> driverFeaturesWord = (int) value;
            case 0x030 -> queueSelected = (int) value;
            case 0x050 -> notified((int) value);
            case 0x064 -> {
                interrupts &= (int) ~value;
                line.set(interrupts != 0);
            }
            case 0x070 -> status((int) value);
            default -> {
                if (queueSelected == 0) {
                    storeQueue((int) offset, value);
                }
            }
        }
    }

    private void storeQueue(int offset, long value) {
        if (offset == 0x044) {
            queue.ready = (value & 1) != 0 && queue.mayBeReady();
        } else if (!queue.ready) {
            switch (offset) {
                case 0x038 -> queue.size = (int) value;
                case 0x080 -> queue.descriptors = low(queue.descriptors, value);
                case 0x084 -> queue.descriptors = high(queue.descriptors, value);
                case 0x090 -> queue.available = low(queue.available, value);
                case 0x094 -> queue.available = high(queue.available, value);
                case 0x0a0 -> queue.used = low(queue.used, value);
                case 0x0a4 -> queue.used = high(queue.used, value);
                default -> { }
            }
        }
    }

    private static long low(long address, long value) {
        return address & ~0xffff_ffffL | value;
    }

    private static long high(long address, long value) {
        return address & 0xffff_ffffL | value << 32;
    }

    private void status(int value) {
        if ((value & 0xff) == 0) {
            reset();
            return;
        }
        int accepted = value & 0xff & ~NEEDS_RESET | status & NEEDS_RESET;
        // A driver that asks for what was not offered, or does not know version 1, finds FEATURES_OK refused.
        status = driverFeatures == FEATURES ? accepted : accepted & ~FEATURES_OK;
    }

    private void notified(int queueNumber) {
        if (queueNumber != 0 || !queue.ready || (status & (DRIVER_OK | NEEDS_RESET)) != DRIVER_OK) {
            return;
        }
        int outcome;
        try {
            outcome = queue.serve(MOST_BYTES, filler);
        } catch (BusFault outsideMemory) {
            outcome = VirtioQueue.BROKEN;
        }
        if (outcome == VirtioQueue.BROKEN) {
            status |= NEEDS_RESET;
            interrupts |= CONFIGURATION_CHANGE;
        } else if (outcome == VirtioQueue.TELL) {
            interrupts |= USED_BUFFER;
        }
        line.set(interrupts != 0);
    }

    private int fill(long address, int length) {
        session.random(bytes, 0, length);
        bus.write(address, bytes, 0, length);
        return length;
    }

    @Override
    public void reset() {
        deviceFeaturesWord = 0;
        driverFeaturesWord = 0;
        driverFeatures = 0;
        queueSelected = 0;
        interrupts = 0;
        status = 0;
        queue.reset();
        line.set(false);
    }

    @Override
    public void save(StateSink sink) {
        sink.putInt(deviceFeaturesWord);
        sink.putInt(driverFeaturesWord);
        sink.putLong(driverFeatures);
        sink.putInt(queueSelected);
        sink.putInt(interrupts);
        sink.putInt(status);
        queue.save(sink);
    }

    @Override
    public void load(StateSource source) {
        deviceFeaturesWord = source.getInt();
        driverFeaturesWord = source.getInt();
        driverFeatures = source.getLong();
        queueSelected = source.getInt();
        interrupts = source.getInt();
        status = source.getInt();
        queue.load(source);
        if ((interrupts & ~(USED_BUFFER | CONFIGURATION_CHANGE)) != 0 || (status & ~0xff) != 0) {
            throw new MalformedStateException("virtio entropy: interrupts=" + interrupts + " status=" + status);
        }
        line.set(interrupts != 0);
    }
}
