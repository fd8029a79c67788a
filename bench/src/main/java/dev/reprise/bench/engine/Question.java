package dev.reprise.bench.engine;

import dev.reprise.engine.ClockKind;
import dev.reprise.engine.Session;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/** The one thing that {@link SessionBenchmark}'s guest does at each of its positions. */
public enum Question {

    ASK {
        @Override
        void ask(Asker asker) {
            asker.session.ask(7, asker.answer);
        }
    },
    ASK_BYTES {
        @Override
        void ask(Asker asker) {
            asker.session.askBytes(8, asker.byteAnswer, asker.into, 0, asker.into.length);
        }
    },
    CLOCK {
        @Override
        void ask(Asker asker) {
            asker.session.readClock(ClockKind.HOST);
        }
    },
    OUTPUT_BYTE {
        @Override
        void ask(Asker asker) {
            asker.session.output(1, (byte) 'x');
        }
    },
    OUTPUT_LINE {
        @Override
        void ask(Asker asker) {
            asker.session.output(1, asker.line, 0, asker.line.length);
        }
    };

    abstract void ask(Asker asker);

    /** What the questions need beside the session; its answers cost next to nothing. */
    static final class Asker {

        private static final int ANSWER_BYTES = 16;

        private final Session session;
        private final LongSupplier answer = this::nextAnswer;
        private final Session.ByteAnswer byteAnswer = this::fillAnswer;
        private final byte[] into = new byte[64];
        private final byte[] line = "[    0.000000] a line as long as those that a kernel writes while it boots, or so\n"
                .getBytes(StandardCharsets.US_ASCII);
        private long answers;

        Asker(Session session) {
            this.session = session;
        }

        private long nextAnswer() {
            return ++answers;
        }

        private int fillAnswer(byte[] bytes, int offset, int length) {
            bytes[offset] = (byte) ++answers;
            return ANSWER_BYTES;
        }
    }
}
