package dev.reprise.engine.character;

/**
 * The outcome of a call that can give both bytes and a status: partial data followed by an error keeps both. Made once
 * by the caller and used again; the guest thread's alone.
 */
public final class CharAnswer {

    private int count;
    private int status;

    /**
     * @param count bytes, at least 0
     * @param status {@link CharStatus#OK} if all was done, else why not
     */
    public CharAnswer set(int count, int status) {
        if (count < 0) {
            throw new IllegalArgumentException("a count is at least 0: count=" + count);
        }
        this.count = count;
        this.status = CharStatus.checked(status);
        return this;
    }

    /** Bytes that were written or read, or that an answer has; perhaps more than 0 beside an error. */
    public int count() {
        return count;
    }

    /** {@link CharStatus#OK}, or why not all was done. */
    public int status() {
        return status;
    }

    @Override
    public String toString() {
        return "count=" + count + " status=" + status;
    }
}
