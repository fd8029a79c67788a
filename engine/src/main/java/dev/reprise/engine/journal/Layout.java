package dev.reprise.engine.journal;

import java.util.Locale;

/** The names in a recording's directory. */
public final class Layout {

    public static final String MANIFEST = "manifest.json";
    /** The manifest while it is being written: a directory with this one only was never a recording. */
    public static final String MANIFEST_PART = "manifest.json.part";
    public static final String SEGMENTS = "segments";
    public static final String IMAGES = "images";
    public static final String SNAPSHOTS = "snapshots";
    public static final String MARK = "synced";
    public static final String LOCK = "lock";

    private Layout() {}

    /** The number of a segment by its plain name, or -1 if it is no such name. */
    public static int segmentNumber(String name) {
        return name.matches("[0-9]{8}\\.seg") ? Integer.parseInt(name, 0, 8, 10) : -1;
    }

    /** The name of a segment: eight decimal digits, from 0 on. */
    public static String segment(int number) {
        return SEGMENTS + "/" + String.format(Locale.ROOT, "%08d.seg", number);
    }
}
