package dev.reprise.proptest;

import dev.reprise.engine.Guest;
import dev.reprise.engine.Session;

/** Makes the guest under test, usually a constructor reference. */
@FunctionalInterface
public interface GuestFactory {

    /** A fresh guest in the state of its manifest. Called once or more per run, each time with that run's session. */
    Guest create(Session session);
}
