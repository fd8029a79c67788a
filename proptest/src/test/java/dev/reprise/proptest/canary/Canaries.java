package dev.reprise.proptest.canary;

import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.proptest.DeterminismContract;
import dev.reprise.proptest.GuestFactory;
import dev.reprise.proptest.toy.StepMachine;
import java.util.HashSet;
import java.util.Set;

/** Contracts that must fail. Nested, so that no build takes them for its tests; {@link CanaryTest} runs them. */
final class Canaries {

    private Canaries() {}

    static class Identity extends DeterminismContract {
        @Override
        protected GuestFactory guest() {
            return IdentityGuest::new;
        }
    }

    static class IdentityGuest extends StepMachine {
        private final int tag = System.identityHashCode(this);

        IdentityGuest(Session session) {
            super(session);
        }

        @Override
        protected void step() {
            super.step();
            state += tag;
        }
    }

    static class HashOrder extends DeterminismContract {
        @Override
        protected GuestFactory guest() {
            return HashOrderGuest::new;
        }
    }

    static class HashOrderGuest extends StepMachine {

        /** No hashCode of its own: the order in a set is that of identities. */
        private static final class Sprite {
            private final int number;

            Sprite(int number) {
                this.number = number;
            }
        }

        private final Set<Sprite> sprites = new HashSet<>();

        HashOrderGuest(Session session) {
            super(session);
            for (int i = 0; i < 20; i++) {
                sprites.add(new Sprite(i));
            }
        }

        @Override
        protected void step() {
            super.step();
            long order = 0;
            for (Sprite sprite : sprites) {
                order = order * 31 + sprite.number;
            }
            state += order;
        }
    }

    static class HostClock extends DeterminismContract {
        @Override
        protected GuestFactory guest() {
            return HostClockGuest::new;
        }
    }

    static class HostClockGuest extends StepMachine {
        HostClockGuest(Session session) {
            super(session);
        }

        @Override
        protected void step() {
            super.step();
            if (position() % 64 == 63) {
                state += System.nanoTime();
            }
        }
    }

    static class Stops extends DeterminismContract {
        @Override
        protected GuestFactory guest() {
            return StopsGuest::new;
        }
    }

    /** Counts how often it is run, which depends on quanta and slices. */
    static class StopsGuest extends StepMachine {
        StopsGuest(Session session) {
            super(session);
        }

        @Override
        public Status runUntil(long limit) {
            state++;
            return super.runUntil(limit);
        }
    }

    static class Forgetful extends DeterminismContract {
        @Override
        protected GuestFactory guest() {
            return ForgetfulGuest::new;
        }
    }

    /** Has state that it digests and does not save. */
    static class ForgetfulGuest extends StepMachine {
        private long inputs;

        ForgetfulGuest(Session session) {
            super(session);
        }

        @Override
        public void apply(dev.reprise.engine.event.Event input) {
            super.apply(input);
            inputs++;
        }

        @Override
        public void digest(StateSink sink) {
            super.digest(sink);
            sink.putLong(inputs);
        }
    }

    static class Observed extends DeterminismContract {
        @Override
        protected GuestFactory guest() {
            return ObservedGuest::new;
        }
    }

    /** Is changed by being digested. */
    static class ObservedGuest extends StepMachine {
        ObservedGuest(Session session) {
            super(session);
        }

        @Override
        public void digest(StateSink sink) {
            super.digest(sink);
            state ^= 1;
        }
    }
}
