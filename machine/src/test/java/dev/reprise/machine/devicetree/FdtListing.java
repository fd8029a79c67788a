package dev.reprise.machine.devicetree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads a flattened device tree into lines that can be compared: {@code /path} and {@code /path:name=hex}. */
final class FdtListing {

    private FdtListing() {}

    static SortedSet<String> of(byte[] blob) {
        ByteBuffer in = ByteBuffer.wrap(blob);
        if (in.getInt(0) != 0xd00dfeed || in.getInt(4) != blob.length || in.getInt(20) != 17) {
            throw new IllegalArgumentException("not a device tree");
        }
        int at = in.getInt(8);
        int strings = in.getInt(12);
        Deque<String> path = new ArrayDeque<>();
        SortedSet<String> lines = new TreeSet<>();
        while (true) {
            int token = in.getInt(at);
            at += 4;
            switch (token) {
                case 1 -> {
                    String name = string(blob, at);
                    at += name.length() + 4 & ~3;
                    path.push(path.isEmpty() ? name : path.peek() + "/" + name);
                    lines.add(path.peek().isEmpty() ? "/" : path.peek());
                }
                case 2 -> path.pop();
                case 3 -> {
                    int length = in.getInt(at);
                    String name = string(blob, strings + in.getInt(at + 4));
                    String node = path.peek().isEmpty() ? "/" : path.peek();
                    lines.add(node + ":" + name + "=" + HexFormat.of().formatHex(blob, at + 8, at + 8 + length));
                    at += 8 + (length + 3 & ~3);
                }
                case 9 -> {
                    return lines;
                }
                default -> throw new IllegalArgumentException("token " + token);
            }
        }
    }

    private static String string(byte[] blob, int from) {
        int to = from;
        while (blob[to] != 0) {
            to++;
        }
        return new String(blob, from, to - from, StandardCharsets.US_ASCII);
    }
}
