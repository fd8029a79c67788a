package dev.reprise.machine.board;

import dev.reprise.cpu.bus.MmioDevice;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * The guest half of a device: registers and nothing else. Touched by the guest thread alone; makes no call to the host.
 */
public interface BoardDevice extends MmioDevice {

    /** The name in the manifest, one word. */
    String name();

    /** The model revision in the manifest: raised by every change that a guest can see. */
    int revision();

    /** To the state of power-on. Lines are driven low. */
    void reset();

    /** Writes every bit that a guest can see now or later, always in the same order. */
    void save(StateSink sink);

    /**
     * Takes over what {@link #save} wrote. A line may be driven, to the level that the state says.
     *
     * @throws dev.reprise.engine.MalformedStateException if a value is out of its range
     */
    void load(StateSource source);
}
