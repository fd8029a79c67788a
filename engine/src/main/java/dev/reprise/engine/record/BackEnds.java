package dev.reprise.engine.record;

import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharControl;
import dev.reprise.engine.character.CharStatus;
import java.util.List;

/** The back ends of a live session: asks them, and holds them to their contract. Guest thread only. */
final class BackEnds {

    private static final byte[] NONE = new byte[0];

    private final List<SessionConfig.Device> devices;
    private final CharBackEnd[] attached;
    private final boolean[] removed;
    /** Argument and answer of a control call, one behind the other; made at the first. */
    private byte[] controlBytes = NONE;
    private byte[] controlAnswer = NONE;

    BackEnds(List<SessionConfig.Device> devices) {
        this.devices = devices;
        attached = new CharBackEnd[devices.size() + 1];
        removed = new boolean[devices.size() + 1];
    }

    void attach(int device, CharBackEnd backEnd) {
        attached[device] = backEnd;
    }

    void remove(int device) {
        removed[device] = true;
    }

    /** How many bytes the device's back end lets through to the ring, or why none. */
    int offer(int device, int length) {
        if (removed[device]) {
            return CharStatus.NO_DEVICE;
        }
        CharBackEnd backEnd = attached[device];
        if (backEnd == null) {
            return length;
        }
        int count = backEnd.offer(length);
        if (count > length || count < 0 && !CharStatus.isStatus(count)) {
            throw new IllegalStateException("no answer to a write of " + length + " bytes: answer=" + count + " device="
                    + name(device));
        }
        return count;
    }

    void readAll(int device, byte[] into, int offset, int length, CharAnswer answer) {
        if (silent(device, answer)) {
            return;
        }
        attached[device].readAll(into, offset, length, answer);
        if (answer.count() > length || (answer.status() == CharStatus.OK) != (answer.count() == length)) {
            throw new IllegalStateException("no answer to a read of " + length + " bytes: " + answer + " device="
                    + name(device));
        }
    }

    /** @return argument and answer, one behind the other */
    byte[] control(int device, int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        if (controlBytes.length == 0) {
            controlBytes = new byte[2 * CharControl.MAX_BYTES];
            controlAnswer = new byte[CharControl.MAX_BYTES];
        }
        if (!silent(device, answer)) {
            attached[device].control(request, argument, argumentLength, controlAnswer, answer);
            if (answer.count() > Math.min(into.length, controlAnswer.length)) {
                throw new IllegalStateException("an answer longer than its room: " + answer + " room=" + into.length
                        + " device=" + name(device));
            }
        }
        System.arraycopy(argument, 0, controlBytes, 0, argumentLength);
        System.arraycopy(controlAnswer, 0, controlBytes, argumentLength, answer.count());
        System.arraycopy(controlAnswer, 0, into, 0, answer.count());
        return controlBytes;
    }

    private boolean silent(int device, CharAnswer answer) {
        if (removed[device]) {
            answer.set(0, CharStatus.NO_DEVICE);
        } else if (attached[device] == null) {
            answer.set(0, CharStatus.NOT_SUPPORTED);
        } else {
            return false;
        }
        return true;
    }

    private String name(int device) {
        return devices.get(device - 1).name();
    }
}
