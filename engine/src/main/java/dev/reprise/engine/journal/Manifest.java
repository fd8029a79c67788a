package dev.reprise.engine.journal;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.SessionConfig;
import java.util.List;
import java.util.Map;

/**
 * What a recording is a recording of; never changes after creation, and its bytes are link 0 of the chain.
 *
 * @param format version of the log's format, {@link #FORMAT}
 * @param id 32 hexadecimal digits, drawn once, so that no two recordings share a chain
 * @param created the host's date and time, for people
 * @param guest name of the guest
 * @param unit what positions count
 * @param clockMode how guest time follows the position
 * @param clockRate guest time per position unit, 2^-32 ns
 * @param digestInterval position units between digests, 0 for none
 * @param devices in order; a device's number is its place, from 1 on
 * @param revisions part of the model to revision
 * @param settings the guest's settings
 * @param images in order
 */
public record Manifest(
        int format,
        String id,
        String created,
        String guest,
        String unit,
        ClockMode clockMode,
        long clockRate,
        long digestInterval,
        List<SessionConfig.Device> devices,
        Map<String, Integer> revisions,
        Map<String, String> settings,
        List<ImageEntry> images) {

    /** The version that this release writes. */
    public static final int FORMAT = 1;

    /**
     * An image.
     *
     * @param sha256 64 hexadecimal digits: also the file's name in {@code images/}
     * @param stored whether the recording holds a copy
     */
    public record ImageEntry(String name, String sha256, long bytes, boolean stored) {}

    public ImageEntry image(String name) {
        for (ImageEntry image : images) {
            if (image.name.equals(name)) {
                return image;
            }
        }
        return null;
    }
}
