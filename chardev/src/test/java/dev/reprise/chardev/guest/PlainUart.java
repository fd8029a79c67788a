package dev.reprise.chardev.guest;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The same UART again, written from its description and not from the model: lists in place of rings, and every status
 * worked out when it is asked for. Slow and short.
 */
final class PlainUart {

    /** A character in the receiver: 0 to 255, and whether a BREAK is to be shown with it. */
    private static final class Received {
        final int character;
        boolean showsBreak;

        Received(int character, boolean showsBreak) {
            this.character = character;
            this.showsBreak = showsBreak;
        }
    }

    private static final int BREAK = -1;
    private static final long NEVER = Long.MAX_VALUE;

    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    int room = Integer.MAX_VALUE;
    boolean closed;
    long unheard;
    long discarded;
    private boolean gone;
    long nowNs;
    private final ArrayDeque<Integer> wire = new ArrayDeque<>();
    private ArrayDeque<Received> fifo;
    private List<Integer> out;
    private int[] registers;
    private int divisor;
    private int lastCharacter;
    private int deltas;
    private boolean overrun;
    private boolean timedOut;
    private boolean sentAll;
    private long timeout;

    PlainUart() {
        reset();
    }

    void reset() {
        fifo = new ArrayDeque<>();
        discarded += out == null ? 0 : out.size();
        out = new ArrayList<>();
        registers = new int[] {0, 0, 0, 0, 8, 0, 0, 0};
        divisor = 12;
        lastCharacter = 0;
        deltas = 0;
        overrun = false;
        timedOut = false;
        sentAll = false;
        timeout = NEVER;
        arrive();
    }

    private boolean fifos() {
        return registers[2] % 2 == 1;
    }

    private boolean loop() {
        return (registers[4] & 16) != 0;
    }

    private boolean latch() {
        return registers[3] >= 128;
    }

    private int level() {
        return fifos() ? new int[] {1, 4, 8, 14}[registers[2] / 64] : 1;
    }

    private void startTimeout() {
        int lcr = registers[3];
        long bits = 7 + lcr % 4 + (lcr / 4) % 2 + (lcr / 8) % 2;
        timeout = fifos() ? nowNs + 4 * (bits * 16 * (divisor == 0 ? 65536 : divisor) * 1_000_000_000L
                / UartBench.CLOCK_HZ) : NEVER;
    }

    private void arrive() {
        while (!wire.isEmpty() && !loop() && fifo.size() < level()) {
            int next = wire.remove();
            fifo.add(new Received(next == BREAK ? 0 : next, next == BREAK));
            startTimeout();
        }
    }

    void receive(byte[] bytes) {
        for (byte b : bytes) {
            wire.add(b & 0xff);
        }
        arrive();
    }

    void receiveBreak() {
        if (wire.isEmpty() || wire.getLast() != BREAK) {
            wire.add(BREAK);
        }
        arrive();
    }

    /** Characters of which the credit is not outstanding, if every one read were given back. */
    int onTheWire() {
        return (int) wire.stream().filter(c -> c != BREAK).count();
    }

    void advance(long ns) {
        long end = nowNs + ns;
        while (due() <= end) {
            nowNs = Math.max(nowNs, due());
            timeout = NEVER;
            timedOut = true;
        }
        nowNs = end;
    }

    long due() {
        return timeout;
    }

    private void send() {
        while (!out.isEmpty()) {
            int next = out.get(0);
            if (loop()) {
                if (fifo.size() == (fifos() ? 16 : 1)) {
                    overrun = true;
                }
                if (!fifos()) {
                    fifo.clear();
                }
                if (fifo.size() < 16) {
                    fifo.add(new Received(next, false));
                }
                startTimeout();
            } else if (closed || gone) {
                gone = true;
                unheard++;
            } else {
                if (room == 0) {
                    return;
                }
                room--;
                sent.write(next);
            }
            out.remove(0);
        }
        emptied();
    }

    int waiting() {
        return out.size();
    }

    void opened() {
        gone = false;
    }

    void receiveRoom(int bytes) {
        room = bytes;
        if (!out.isEmpty()) {
            send();
        }
    }

    private void emptied() {
        out.clear();
        sentAll = true;
    }

    int pending() {
        int enabled = registers[1];
        boolean brk = !fifo.isEmpty() && fifo.peek().showsBreak;
        if (enabled / 4 % 2 == 1 && (brk || overrun)) {
            return 6;
        }
        if (enabled % 2 == 1 && timedOut) {
            return 12;
        }
        if (enabled % 2 == 1 && fifo.size() >= level()) {
            return 4;
        }
        if (enabled / 2 % 2 == 1 && sentAll) {
            return 2;
        }
        return enabled / 8 == 1 && deltas != 0 ? 0 : 1;
    }

    private int inputs() {
        int m = registers[4];
        return loop() ? m % 2 * 32 + m / 2 % 2 * 16 + m / 4 % 2 * 64 + m / 8 % 2 * 128 : 0xb0;
    }

    int load(int register) {
        if (latch() && register < 2) {
            return register == 0 ? divisor % 256 : divisor / 256;
        }
        int answer = registers[register];
        switch (register) {
            case 0:
                if (!fifo.isEmpty()) {
                    lastCharacter = fifo.remove().character;
                } else if (fifos()) {
                    lastCharacter = 0;
                }
                answer = lastCharacter;
                timedOut = false;
                timeout = NEVER;
                arrive();
                if (!fifo.isEmpty()) {
                    startTimeout();
                }
                break;
            case 2:
                answer = pending() + (fifos() ? 0xc0 : 0);
                if (pending() == 2) {
                    sentAll = false;
                }
                break;
            case 5:
                boolean brk = !fifo.isEmpty() && fifo.peek().showsBreak;
                answer = (fifo.isEmpty() ? 0 : 1) + (overrun ? 2 : 0) + (brk ? 16 : 0) + (out.isEmpty() ? 96 : 0)
                        + (fifos() && fifo.stream().anyMatch(r -> r.showsBreak) ? 128 : 0);
                overrun = false;
                if (brk) {
                    fifo.peek().showsBreak = false;
                }
                break;
            case 6:
                answer = inputs() + deltas;
                deltas = 0;
                break;
            default:
                break;
        }
        return answer;
    }

    void store(int register, int value) {
        if (latch() && register < 2) {
            divisor = register == 0 ? divisor / 256 * 256 + value : value * 256 + divisor % 256;
            return;
        }
        switch (register) {
            case 0:
                boolean stuck = !out.isEmpty();
                if (out.size() == (fifos() ? 16 : 1)) {
                    discarded++;
                    out.remove(0);
                }
                out.add(value);
                sentAll = false;
                if (!stuck) {
                    send();
                }
                break;
            case 1:
                if ((registers[1] ^ value) / 2 % 2 == 1) {
                    sentAll = value / 2 % 2 == 1 && out.isEmpty();
                }
                registers[1] = value % 16;
                break;
            case 2:
                boolean flips = (registers[2] ^ value) % 2 == 1;
                if (flips || value / 2 % 2 == 1) {
                    fifo.clear();
                    timedOut = false;
                    timeout = NEVER;
                }
                if (flips || value / 4 % 2 == 1) {
                    discarded += out.size();
                    emptied();
                }
                registers[2] = value & 0xc9;
                arrive();
                break;
            case 4:
                int before = inputs();
                registers[4] = value % 32;
                int after = inputs();
                deltas |= (before ^ after) / 16 & 11;
                deltas |= before / 64 % 2 == 1 && after / 64 % 2 == 0 ? 4 : 0;
                arrive();
                break;
            case 3:
            case 7:
                registers[register] = value;
                break;
            default:
                break;
        }
    }
}
