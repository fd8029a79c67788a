package dev.reprise.engine;

import dev.reprise.engine.journal.Manifest;
import java.util.List;

/**
 * What a session has to know of its run, from the configuration in record and from the manifest in replay.
 *
 * @param devices in order; a device's number is its place, from 1 on
 * @param clockMode how guest time follows the position
 * @param clockRate guest time per position unit, 2^-32 ns
 * @param revision a {@link SessionRevision}
 * @param witness what of the guest's path is an event
 * @param ledgerBytes names of the devices whose bytes are in the log
 */
public record SessionTerms(List<SessionConfig.Device> devices, ClockMode clockMode, long clockRate, int revision,
        WitnessMode witness, List<String> ledgerBytes) {

    /** Those of a run that begins here. */
    public static SessionTerms of(SessionConfig config) {
        return new SessionTerms(config.devices(), config.clockMode(), config.clockRate(), SessionRevision.CURRENT,
                config.witness(), config.ledgerBytes());
    }

    /**
     * Those of a recording.
     *
     * @throws IncompatibleRecordingException if this release does not know its revision
     */
    public static SessionTerms of(Manifest m) {
        String names = m.settings().getOrDefault(SessionRevision.LEDGER_BYTES, "");
        return new SessionTerms(m.devices(), m.clockMode(), m.clockRate(), SessionRevision.of(m.settings()),
                SessionRevision.witnessOf(m.settings()), names.isEmpty() ? List.of() : List.of(names.split(",")));
    }

    boolean witnesses() {
        return revision >= 2;
    }
}
