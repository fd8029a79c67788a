package dev.reprise.engine.character;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.RepriseException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.StepGuest;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logs whose groups are whole and whose character events are not: counts, lengths, devices and codes that no recorder
 * writes. A replay of one ends with one of our own errors and its status, or agrees; the guest sees no more than it has
 * room for.
 */
class HostileCharacterEventsTest {

    private static final int LOGS = 400;
    private static final long SEED = 20_261_128;
    private static final List<EventKind> KINDS = List.of(EventKind.CHAR_WRITE, EventKind.CHAR_READ_ALL, EventKind.CHAR_CONTROL,
            EventKind.CHAR_DESCRIPTORS, EventKind.CHAR_INPUT, EventKind.CHAR_LINK, EventKind.OUTPUT, EventKind.OUTPUT_BYTES);
    private static final int ROOM = 8;

    @TempDir
    Path temp;

    private static SessionConfig config() {
        return SessionConfig.of("victim").device("one", "character").device("two", "character").digestEvery(0)
                .ledgerBytes("two");
    }

    /** Every kind of call at each step, behind a mux. */
    private static RunResult run(Session session) {
        CharFrontEnd front = CharFrontEnd.of(session, 1);
        CharFrontEnd other = CharFrontEnd.of(session, 2);
        CharMux mux = new CharMux(front, 2);
        for (int i = 0; i < 2; i++) {
            mux.receiver(i, new CharReceiver() {
                @Override
                public void onBytes(byte[] bytes, int offset, int length) {
                    assertTrue(length <= bytes.length - offset);
                }

                @Override
                public void onLink(int change, int argument) {
                    assertTrue(argument >= 0 && argument <= LinkEvent.MAX_ARGUMENT, "argument " + argument);
                }
            });
        }
        byte[] into = new byte[ROOM];
        CharAnswer answer = new CharAnswer();
        boolean[] started = {false};
        return session.run(new StepGuest(session, (guest, position) -> {
            if (!started[0]) {
                started[0] = true;
                mux.start();
            }
            int wrote = (position == 0 ? front : other).write(new byte[10], 0, 10);
            assertTrue(wrote <= 10, "wrote " + wrote);
            if (position == 3) {
                front.readAll(into, 0, ROOM, answer);
                assertTrue(answer.count() <= ROOM && CharStatus.isStatus(answer.status()), answer.toString());
            } else if (position == 4) {
                front.control(CharControl.GET_MODEM, into, 0, into, answer);
                assertTrue(answer.count() <= ROOM && CharStatus.isStatus(answer.status()), answer.toString());
            } else if (position == 5) {
                assertEquals(CharStatus.NOT_SUPPORTED, session.descriptors(1, 1));
            } else if (position == 8) {
                guest.end(0);
            }
        }, input -> {
            if (input.kind() == EventKind.CHAR_INPUT) {
                mux.onBytes(input.payload(), 0, input.length());
            } else if (input.kind() == EventKind.CHAR_LINK) {
                mux.onLink(LinkEvent.change(input.a()), LinkEvent.argument(input.a()));
            }
        }));
    }

    private static long number(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> Long.MIN_VALUE >> random.nextInt(64);
            case 2 -> Long.MAX_VALUE >>> random.nextInt(63);
            case 3 -> CharOutcomes.pack(random.nextInt(12), -random.nextInt(40));
            default -> random.nextInt(-12, 300);
        };
    }

    private void write(Recording recording, SplittableRandom random) throws Exception {
        try (JournalWriter writer = new JournalWriter(recording.files(), recording.manifestBytes(), false)) {
            Event event = Event.slot();
            long position = 0;
            if (random.nextBoolean()) {
                // One that the guest comes to ask for.
                byte[] payload = new byte[random.nextInt(12)];
                writer.append(switch (random.nextInt(4)) {
                    case 0 -> event.set(EventKind.CHAR_WRITE, 1, 0, number(random), 0);
                    case 1 -> event.set(EventKind.CHAR_READ_ALL, 1, 3, number(random), 0).payload(payload, 0, payload.length);
                    case 2 -> event.set(EventKind.CHAR_CONTROL, 1, 4, CharControl.GET_MODEM, number(random))
                            .payload(payload, 0, payload.length);
                    default -> event.set(EventKind.CHAR_DESCRIPTORS, 1, 5, 1, number(random));
                });
                position = event.position();
            }
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                position += random.nextInt(3);
                EventKind kind = KINDS.get(random.nextInt(KINDS.size()));
                int source = random.nextInt(4) == 0 ? random.nextInt(1 << 16) : 1 + random.nextInt(2);
                byte[] payload = new byte[random.nextInt(random.nextInt(3) == 0 ? Event.SLOT_PAYLOAD_BYTES + 1 : 10)];
                random.nextBytes(payload);
                writer.append(event.set(kind, kind.hasSource() ? source : 0, position, number(random),
                        kind.hasB() ? number(random) : 0).payload(payload, 0, kind.hasPayload() ? payload.length : 0));
            }
            writer.seal();
            writer.finish(false);
        }
    }

    @Test
    @Tag("one-jdk")
    void shouldEndWithAnErrorOfOurOwnOrAgree() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Integer> ends = new TreeMap<>();
        for (int i = 0; i < LOGS; i++) {
            Path directory = temp.resolve("r");
            Recording recording = Recording.create(directory, config(), true);
            write(recording, random);
            recording.unlock();
            String end;
            try (Session session = Sessions.replay(directory, config())) {
                end = run(session).complete() ? "complete" : "incomplete";
            } catch (RepriseException expected) {
                assertTrue(expected.exitStatus() == 3 || expected.exitStatus() == 4, expected.toString());
                assertTrue(expected.getMessage().lines().count() == 1, expected.getMessage());
                end = expected.getClass().getSimpleName();
            } catch (RuntimeException | Error other) {
                throw new AssertionError("log " + i + " of seed " + SEED, other);
            }
            ends.merge(end, 1, Integer::sum);
        }
        System.out.println("hostile character events, seed " + SEED + ": " + ends);
        assertTrue(ends.keySet().containsAll(List.of("DamagedLogException", "DivergenceException", "incomplete")), ends.toString());
    }
}
