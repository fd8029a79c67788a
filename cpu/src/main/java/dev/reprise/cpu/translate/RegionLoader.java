package dev.reprise.cpu.translate;

import java.lang.invoke.MethodHandles;

/** Turns class files of regions into their instances. A region's class goes when its instance does. */
final class RegionLoader {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    /** What the class that is being initialised has made; guarded by the class. */
    private static Region made;

    private RegionLoader() {
    }

    static synchronized Region load(byte[] classFile) {
        try {
            // Its initialiser calls handOver: that costs less than looking a constructor up.
            LOOKUP.defineHiddenClass(classFile, true);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot define a class in " + LOOKUP.lookupClass().getPackageName(), e);
        }
        Region region = made;
        made = null;
        return region;
    }

    /** Called by the initialiser of a region's class. */
    static void handOver(Region region) {
        made = region;
    }
}
