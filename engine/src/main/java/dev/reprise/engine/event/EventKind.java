package dev.reprise.engine.event;

/**
 * Every kind of event that a log can hold: the schema's list. Identifiers are part of the format and are never given
 * anew; the field mask says which fields a record of the kind carries (see {@link EventCodec} for the bytes).
 *
 * <p>The kinds cover what QEMU's record/replay logs (its instruction counts are the stamps here) and what it does not:
 * link events, errors, interrupt lines. A kind that nothing drives yet has its place all the same, so that a later
 * release fills it and does not change the format.
 */
public enum EventKind {

    // Inputs.
    /** Bytes for a character device; payload: the bytes. */
    CHAR_INPUT(1, EventRole.INPUT, Fields.SOURCE | Fields.PAYLOAD),
    /** A change of a character device's link; a: one of {@link LinkEvent}, with its argument above bit 8. */
    CHAR_LINK(2, EventRole.INPUT, Fields.SOURCE | Fields.A),
    /** An external interrupt line; a: line, b: 0 low or 1 high. */
    INTERRUPT_LINE(3, EventRole.INPUT, Fields.SOURCE | Fields.A | Fields.B),
    /** A request from outside to end the run; a: {@link dev.reprise.engine.ShutdownCause}, b: code. */
    SHUTDOWN_REQUEST(4, EventRole.INPUT, Fields.A | Fields.B),
    /** A request from outside to reset; a: {@link dev.reprise.engine.ResetCause}. */
    RESET_REQUEST(5, EventRole.INPUT, Fields.A),
    /** Guest time moves; a: nanoseconds forward from guest time at the stamp, b: new rate (2^-32 ns per unit). */
    CLOCK_ADJUST(6, EventRole.INPUT, Fields.A | Fields.B),
    /** A user's input (key, pointer); a: type and code, b: value, payload: what the device family defines. */
    USER_INPUT(7, EventRole.INPUT, Fields.SOURCE | Fields.A | Fields.B | Fields.PAYLOAD),
    /** The end of a batch of user inputs. */
    USER_INPUT_SYNC(8, EventRole.INPUT, Fields.SOURCE),
    /** A network packet for the guest; a: flags, payload: the packet. */
    NET_PACKET(9, EventRole.INPUT, Fields.SOURCE | Fields.A | Fields.PAYLOAD),
    /** A block request is complete; a: request, b: status, payload: data where the backend is not in the images. */
    BLOCK_COMPLETION(10, EventRole.INPUT, Fields.SOURCE | Fields.A | Fields.B | Fields.PAYLOAD),
    /** A deferred call of a device model (QEMU's bottom half); a: identifier. */
    DEFERRED_CALL(11, EventRole.INPUT, Fields.SOURCE | Fields.A),
    /** A deferred call that happens once; a: identifier. */
    DEFERRED_CALL_ONCE(12, EventRole.INPUT, Fields.SOURCE | Fields.A),
    /** An embedder's own input; a, b and payload are the embedder's. */
    EMBEDDER_INPUT(13, EventRole.INPUT, Fields.SOURCE | Fields.A | Fields.B | Fields.PAYLOAD),

    // Outcomes.
    /**
     * A character write that was not accepted whole; a: the count accepted, perhaps 0, or a
     * {@link dev.reprise.engine.character.CharStatus} below 0, b: offset in the stream.
     */
    CHAR_WRITE(32, EventRole.OUTCOME, Fields.SOURCE | Fields.A | Fields.B),
    /**
     * A synchronous read of a character device; a: the length asked for, times 65,536, minus the
     * {@link dev.reprise.engine.character.CharStatus}, payload: the bytes read, also before an error.
     */
    CHAR_READ_ALL(33, EventRole.OUTCOME, Fields.SOURCE | Fields.A | Fields.PAYLOAD),
    /**
     * A control call of a character device; a: request, b: bytes of the argument, times 65,536, minus the status, payload:
     * the argument, then the answer.
     */
    CHAR_CONTROL(34, EventRole.OUTCOME, Fields.SOURCE | Fields.A | Fields.B | Fields.PAYLOAD),
    /** Message descriptors of a character device; a: request, b: status. */
    CHAR_DESCRIPTORS(35, EventRole.OUTCOME, Fields.SOURCE | Fields.A | Fields.B),
    /** A read of a clock; a: {@link dev.reprise.engine.ClockKind}, b: nanoseconds. */
    CLOCK_READ(36, EventRole.OUTCOME, Fields.A | Fields.B),
    /** Entropy; a: status, payload: the bytes. */
    RANDOM(37, EventRole.OUTCOME, Fields.A | Fields.PAYLOAD),
    /** Audio frames accepted; a: count. */
    AUDIO_OUT(38, EventRole.OUTCOME, Fields.SOURCE | Fields.A),
    /** Audio frames captured; a: count, payload: the frames. */
    AUDIO_IN(39, EventRole.OUTCOME, Fields.SOURCE | Fields.A | Fields.PAYLOAD),
    /** An embedder's question; a: question, b: answer. */
    ANSWER(40, EventRole.OUTCOME, Fields.A | Fields.B),
    /** An embedder's question with bytes; a: question, b: status, payload: the bytes. */
    ANSWER_BYTES(41, EventRole.OUTCOME, Fields.A | Fields.B | Fields.PAYLOAD),

    // Witnesses.
    /** An interrupt was taken; a: cause. */
    INTERRUPT(64, EventRole.WITNESS, Fields.A),
    /** An exception was raised; a: cause. */
    EXCEPTION(65, EventRole.WITNESS, Fields.A),
    /** A checkpoint of the run loop was passed; a: kind. */
    CHECKPOINT(66, EventRole.WITNESS, Fields.A),
    /** The guest ended the run; a: {@link dev.reprise.engine.ShutdownCause}, b: the guest's code. */
    SHUTDOWN(67, EventRole.WITNESS, Fields.A | Fields.B),
    /** The guest asked for a reset; a: {@link dev.reprise.engine.ResetCause}. */
    RESET(68, EventRole.WITNESS, Fields.A),

    // Control.
    /** The ledger: what a device has put out; a: bytes so far, b: running hash of them. */
    OUTPUT(96, EventRole.CONTROL, Fields.SOURCE | Fields.A | Fields.B_FIXED),
    /** The digest of the state at the stamp; payload: 32 bytes. */
    DIGEST(97, EventRole.CONTROL, Fields.PAYLOAD),
    /** A snapshot stands at the stamp; a: number, payload: its root hash. */
    SNAPSHOT(98, EventRole.CONTROL, Fields.A | Fields.PAYLOAD),
    /**
     * A recording goes on after a recovery; a: epoch. A message of which the log has only the first records ends here: it
     * never took effect.
     */
    RESUME(99, EventRole.CONTROL, Fields.A),
    /**
     * The end of the run; a: {@link dev.reprise.engine.ShutdownCause}, b: code, payload: the final digest and, in 8 bytes
     * LE, the {@link EventHash} of all events, this one included.
     */
    END(100, EventRole.CONTROL, Fields.A | Fields.B | Fields.PAYLOAD),
    /** The bytes of a ledger, where asked for, ahead of their {@link #OUTPUT}; a: offset of the first, payload: the bytes. */
    OUTPUT_BYTES(101, EventRole.CONTROL, Fields.SOURCE | Fields.A | Fields.PAYLOAD);

    private static final EventKind[] BY_ID = new EventKind[128];

    static {
        for (EventKind kind : values()) {
            if (kind.id <= 0 || kind.id >= BY_ID.length || BY_ID[kind.id] != null) {
                throw new AssertionError("event kind id: " + kind + "=" + kind.id);
            }
            BY_ID[kind.id] = kind;
        }
    }

    private final int id;
    private final EventRole role;
    private final int fields;

    EventKind(int id, EventRole role, int fields) {
        this.id = id;
        this.role = role;
        this.fields = fields;
    }

    /** The identifier in the log, 1 to 127. */
    public int id() {
        return id;
    }

    public EventRole role() {
        return role;
    }

    /** The fields that a record of this kind carries, as bits of {@link Fields}. */
    int fields() {
        return fields;
    }

    public boolean hasSource() {
        return (fields & Fields.SOURCE) != 0;
    }

    public boolean hasA() {
        return (fields & Fields.A) != 0;
    }

    public boolean hasB() {
        return (fields & (Fields.B | Fields.B_FIXED)) != 0;
    }

    /** Whether b is eight bytes as they are (a hash), not a variable-length integer. */
    public boolean hasFixedB() {
        return (fields & Fields.B_FIXED) != 0;
    }

    public boolean hasPayload() {
        return (fields & Fields.PAYLOAD) != 0;
    }

    /** Whether a record of this kind has a field for all of these that are not 0. */
    public boolean holds(int source, long a, long b, int payloadBytes) {
        return (source == 0 || hasSource()) && (a == 0 || hasA()) && (b == 0 || hasB())
                && (payloadBytes == 0 || hasPayload());
    }

    /** The kind of that identifier, or null: identifiers of a log are not to be trusted. */
    public static EventKind ofId(int id) {
        return id > 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    /** Bits of a kind's fields. */
    static final class Fields {
        static final int SOURCE = 1;
        static final int A = 2;
        static final int B = 4;
        static final int B_FIXED = 8;
        static final int PAYLOAD = 16;
    }
}
