package dev.reprise.cpu.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * A few instructions of a body that belong together, such as a constant and the CSR write that uses it. Leaving an
 * item out of a sequence leaves a valid sequence.
 */
final class Item {
    /** One instruction; its size never depends on where it stands. */
    interface Piece {
        /** In bytes. */
        int size();

        /**
         * The instruction's bits.
         *
         * @param pc where it stands
         * @param following the address of the n-th item behind this one (0: the next)
         */
        int bits(long pc, LongUnaryOperator following);
    }

    private record Word(int bits, int size) implements Piece {
        @Override
        public int bits(long pc, LongUnaryOperator following) {
            return bits;
        }
    }

    private final List<Piece> pieces = new ArrayList<>();

    Item word(int bits) {
        pieces.add(new Word(bits, (bits & 3) == 3 ? 4 : 2));
        return this;
    }

    Item words(int... all) {
        for (int bits : all) {
            word(bits);
        }
        return this;
    }

    Item piece(Piece piece) {
        pieces.add(piece);
        return this;
    }

    List<Piece> pieces() {
        return pieces;
    }

    int size() {
        int size = 0;
        for (Piece piece : pieces) {
            size += piece.size();
        }
        return size;
    }
}
