package dev.reprise.chardev.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.engine.event.LinkEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The operator's keys, typed in one piece or in many. */
class EscapeKeysTest {

    @Property(tries = 500, seed = "1")
    void shouldTakeTheSameKeysOutHoweverTheReadsAreCut(
            @ForAll @Size(max = 40) List<@IntRange(max = 7) Integer> keys, @ForAll @IntRange(min = 1, max = 5) int cut) {
        String typed = keys.stream().map(k -> "\001\001ab\003xh?".substring(k, k + 1)).reduce("", String::concat);
        List<EscapeKeys.Command> expectedCommands = new ArrayList<>();
        List<Integer> expectedBreaks = new ArrayList<>();
        String expected = plainly(typed, expectedCommands, expectedBreaks);

        List<EscapeKeys.Command> commands = new ArrayList<>();
        EscapeKeys filter = new EscapeKeys(commands::add);
        StringBuilder left = new StringBuilder();
        List<Integer> breaks = new ArrayList<>();
        for (int at = 0; at < typed.length(); at += cut) {
            byte[] part = ("##" + typed.substring(at, Math.min(typed.length(), at + cut)))
                    .getBytes(StandardCharsets.ISO_8859_1);
            int count = filter.filter(part, 2, part.length - 2, (index, event) -> breaks.add(left.length() + index - 2));
            left.append(new String(part, 2, count, StandardCharsets.ISO_8859_1));
        }
        assertEquals(expected, left.toString());
        assertEquals(expectedCommands, commands);
        assertEquals(expectedBreaks, breaks);
    }

    private static String plainly(String typed, List<EscapeKeys.Command> commands,
            List<Integer> breaks) {
        StringBuilder left = new StringBuilder();
        for (int i = 0; i < typed.length(); i++) {
            if (typed.charAt(i) != 1) {
                left.append(typed.charAt(i));
            } else if (++i < typed.length()) {
                switch (typed.charAt(i)) {
                    case 1 -> left.append('\001');
                    case 'x' -> commands.add(EscapeKeys.Command.QUIT);
                    case 'b' -> breaks.add(left.length());
                    case 'h', '?' -> commands.add(EscapeKeys.Command.HELP);
                    default -> { }
                }
            }
        }
        return left.toString();
    }

    @Property(tries = 500, seed = "2")
    void shouldTakeOutTheKeysBehindAPeersProtocolAsIfTheOneHadWrittenAFileForTheOther(
            @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> keys, @ForAll @IntRange(min = 1, max = 7) int cut) {
        // '#' stands for the protocol's BREAK and '%' for what the protocol drops.
        String sent = keys.stream().map(k -> "\001\001ab\003xh?#%".substring(k, k + 1)).reduce("", String::concat);
        InputFilter protocol = (bytes, offset, length, marks) -> {
            int left = offset;
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '#') {
                    marks.mark(left, LinkEvent.BREAK);
                } else if (bytes[i] != '%') {
                    bytes[left++] = bytes[i];
                }
            }
            return left - offset;
        };
        StringBuilder expected = new StringBuilder();
        StringBuilder got = new StringBuilder();
        List<EscapeKeys.Command> expectedCommands = new ArrayList<>();
        List<EscapeKeys.Command> commands = new ArrayList<>();
        EscapeKeys alone = new EscapeKeys(expectedCommands::add);
        for (char c : sent.replace("%", "").toCharArray()) {
            byte[] one = {(byte) c};
            if (c == '#') {
                expected.append('!');
            } else if (alone.filter(one, 0, 1, (index, event) -> expected.append('!')) == 1) {
                expected.append((char) one[0]);
            }
        }
        InputFilter both = InputFilter.chain(protocol, new EscapeKeys(commands::add));
        for (int at = 0; at < sent.length(); at += cut) {
            byte[] part = ("##" + sent.substring(at, Math.min(sent.length(), at + cut))).getBytes(StandardCharsets.ISO_8859_1);
            StringBuilder out = new StringBuilder();
            List<Integer> breaks = new ArrayList<>();
            int count = both.filter(part, 2, part.length - 2, (index, event) -> breaks.add(index - 2));
            out.append(new String(part, 2, count, StandardCharsets.ISO_8859_1));
            for (int i = breaks.size() - 1; i >= 0; i--) {
                out.insert((int) breaks.get(i), '!');
            }
            got.append(out);
        }
        assertEquals(expected.toString(), got.toString());
        assertEquals(expectedCommands, commands);
    }
}
