package dev.reprise.bench.report;

/** A figure beside that of an earlier report. */
enum Difference {
    /** The earlier report does not have it, or in another unit. */
    NEW(""),
    /** Within what either measurement leaves open. */
    NONE(""),
    BETTER("better"),
    WORSE("WORSE");

    /** For a table's cell. */
    final String mark;

    Difference(String mark) {
        this.mark = mark;
    }

    /**
     * A difference counts if neither mean lies in the other's interval.
     *
     * @param before may be null
     */
    static Difference of(Figure before, Figure now) {
        if (before == null || !before.unit().equals(now.unit())) {
            return NEW;
        }
        if (holds(before, now.score()) || holds(now, before.score())) {
            return NONE;
        }
        return now.score() > before.score() == now.moreIsBetter() ? BETTER : WORSE;
    }

    private static boolean holds(Figure figure, double score) {
        return figure.low() <= score && score <= figure.high();
    }
}
