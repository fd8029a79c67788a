package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import org.junit.jupiter.api.Test;

class AsideTest {

    @Test
    void shouldCountWhatAPeerThatIsGoneHasNotBeenTold() {
        Aside aside = new Aside();
        Connection first = new NoConnection();
        Connection second = new NoConnection();
        byte[] words = new byte[Aside.CAPACITY + 10];
        aside.put(first, words, 0, words.length);
        assertEquals(10, aside.lostBytes(), "there is a bound");
        aside.taken(first, aside.peek(first, new byte[100]));
        aside.put(second, words, 0, 5);
        assertEquals(10 + Aside.CAPACITY - 100, aside.lostBytes(), "it was for the first");
        assertEquals(5, aside.peek(second, words));
        aside.taken(first, 5);
        assertEquals(5, aside.peek(second, words), "what the first has taken is none of the second's");
        assertEquals(0, aside.peek(first, words));
        assertEquals(15 + Aside.CAPACITY - 100, aside.lostBytes());
        aside.put(second, words, 0, 5);
        assertEquals(5, aside.peek(second, words));
        aside.forget();
        aside.put(second, words, 0, 3);
        aside.taken(second, 5);
        assertEquals(3, aside.peek(second, words), "what came since is not what was taken late");
    }

    /** Somebody to talk about. */
    private static final class NoConnection implements Connection {
        @Override
        public InputStream input() {
            throw new UnsupportedOperationException("nobody is there");
        }

        @Override
        public int write(byte[] bytes, int offset, int length) {
            throw new UnsupportedOperationException("nobody is there");
        }

        @Override
        public int offer(byte[] bytes, int offset, int length) {
            throw new UnsupportedOperationException("nobody is there");
        }

        @Override
        public void close() { }
    }
}
