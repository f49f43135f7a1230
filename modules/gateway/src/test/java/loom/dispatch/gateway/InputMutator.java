package loom.dispatch.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Mutates known inputs, as a fuzzer does. The same random source yields the same input. */
public final class InputMutator {
    /** Byte sequences that are significant for one of the parsers. */
    private static final List<byte[]> TOKENS =
            List.of(
                    ascii("\"op\":"),
                    ascii("\"s\":"),
                    ascii("\"t\":"),
                    ascii("\"d\":"),
                    ascii("null"),
                    ascii("{"),
                    ascii("}"),
                    ascii("["),
                    ascii("]"),
                    ascii(","),
                    ascii("\""),
                    ascii("\\"),
                    ascii("\\u0000"),
                    ascii("-"),
                    ascii("1e9"),
                    ascii("9223372036854775808"),
                    ascii("\"READY\""),
                    ascii("\"RESUMED\""),
                    ascii("\"guild_id\":\"1\""),
                    ascii("\"session_id\":\"\""),
                    new byte[] {0, 0, -1, -1},
                    new byte[] {0x78, (byte) 0x9c},
                    new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
                    new byte[] {-1},
                    new byte[] {0},
                    new byte[] {(byte) 0xc3},
                    new byte[] {(byte) 0xef, -69, -65});

    private static final int MOST_STEPS = 6;
    private static final int LARGEST = 64 * 1024;

    private final List<byte[]> corpus;

    public InputMutator(List<byte[]> corpus) {
        this.corpus = List.copyOf(corpus);
    }

    public byte[] known(RandomGenerator random) {
        return corpus.get(random.nextInt(corpus.size()));
    }

    /** Returns a known input, changed in one to six steps. */
    public byte[] next(RandomGenerator random) {
        return changed(known(random), random);
    }

    public byte[] changed(byte[] from, RandomGenerator random) {
        byte[] input = from;
        int steps = random.nextInt(1, MOST_STEPS + 1);
        for (int step = 0; step < steps; step++) {
            input = step(input, random);
        }
        return input;
    }

    private byte[] step(byte[] input, RandomGenerator random) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + random.nextInt(1, 33));
        return switch (random.nextInt(7)) {
            case 0 -> flipped(input, random);
            case 1 -> joined(input, at, random(random), at);
            case 2 -> joined(input, at, new byte[0], end);
            case 3 -> joined(input, at, slice(input, at, end), at);
            case 4 -> joined(input, at, TOKENS.get(random.nextInt(TOKENS.size())), at);
            case 5 -> joined(input, at, TOKENS.get(random.nextInt(TOKENS.size())), end);
            default -> spliced(input, at, random);
        };
    }

    private static byte[] flipped(byte[] input, RandomGenerator random) {
        byte[] flipped = input.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] random(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(1, 9)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Joins the beginning of one input and the end of another. */
    private byte[] spliced(byte[] input, int at, RandomGenerator random) {
        byte[] other = known(random);
        int from = random.nextInt(other.length + 1);
        return joined(input, at, slice(other, from, other.length), input.length);
    }

    private static byte[] slice(byte[] input, int from, int to) {
        return Arrays.copyOfRange(input, from, to);
    }

    private static byte[] joined(byte[] input, int until, byte[] middle, int from) {
        var out = new ByteArrayOutputStream();
        out.write(input, 0, until);
        out.writeBytes(middle);
        out.write(input, from, input.length - from);
        return out.size() > LARGEST ? slice(out.toByteArray(), 0, LARGEST) : out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
