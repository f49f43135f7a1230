package loom.dispatch.gateway.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;

import loom.dispatch.gateway.FuzzRunner;
import loom.dispatch.gateway.InputMutator;
import loom.dispatch.gateway.protocol.MalformedFrameException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.zip.Deflater;

/**
 * Checks that the decoders return what was sent however it is split. On a damaged stream they end
 * within their bound and report it as malformed.
 */
final class DecoderFuzzTest {
    private static final InputMutator MUTATOR = new InputMutator(FuzzRunner.envelopes());

    private static List<byte[]> zlib(List<byte[]> messages) {
        try (Deflater deflater = new Deflater()) {
            List<byte[]> compressed = new ArrayList<>();
            for (byte[] message : messages) {
                deflater.setInput(message);
                byte[] out = new byte[message.length * 2 + 64];
                int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
                compressed.add(Arrays.copyOf(out, length));
            }
            return compressed;
        }
    }

    private static List<byte[]> zstd(List<byte[]> messages) {
        try (var context = new ZstdCompressCtx()) {
            context.setLevel(6).setWindowLog(18).setContentSize(false).setChecksum(false);
            List<byte[]> compressed = new ArrayList<>();
            for (byte[] message : messages) {
                ByteBuffer source = ByteBuffer.allocateDirect(message.length).put(message).flip();
                ByteBuffer target = ByteBuffer.allocateDirect(message.length * 2 + 64);
                context.compressDirectByteBufferStream(target, source, EndDirective.FLUSH);
                byte[] out = new byte[target.flip().remaining()];
                target.get(out);
                compressed.add(out);
            }
            return compressed;
        }
    }

    @Test
    void zlibDecoderSurvivesEveryStream() {
        fuzz("zlib", DecoderFuzzTest::zlib, ZlibStreamDecoder::new);
    }

    @Test
    void zstdDecoderSurvivesEveryStream() {
        fuzz("zstd", DecoderFuzzTest::zstd, ZstdStreamDecoder::new);
    }

    private static void fuzz(
            String name,
            Function<List<byte[]>, List<byte[]>> compressor,
            Supplier<MessageDecoder> decoder) {
        for (byte[] input : FuzzRunner.found(name)) {
            decode(decoder.get(), List.of(input), new SplittableRandom(1));
        }
        FuzzRunner.run(
                name,
                random -> {
                    List<byte[]> messages = messages(random);
                    List<byte[]> compressed = compressor.apply(messages);
                    assertGivenBack(messages, decode(decoder.get(), compressed, random));
                    int damaged = random.nextInt(compressed.size());
                    List<byte[]> stream = new ArrayList<>(compressed);
                    stream.set(damaged, MUTATOR.changed(compressed.get(damaged), random));
                    List<byte[]> decoded = decode(decoder.get(), stream, random);
                    assertGivenBack(
                            messages.subList(0, damaged),
                            decoded.subList(0, Math.min(damaged, decoded.size())));
                });
    }

    private static List<byte[]> messages(RandomGenerator random) {
        List<byte[]> messages = new ArrayList<>();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            byte[] message = MUTATOR.known(random);
            messages.add(message.length == 0 ? new byte[] {' '} : message);
        }
        return messages;
    }

    private static void assertGivenBack(List<byte[]> sent, List<byte[]> decoded) {
        assertEquals(sent.size(), decoded.size(), "messages");
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(sent.get(i), decoded.get(i));
        }
    }

    /** Decodes each message in parts of random size, and ends at the first malformed part. */
    private static List<byte[]> decode(
            MessageDecoder decoder, List<byte[]> stream, RandomGenerator random) {
        List<byte[]> decoded = new ArrayList<>();
        try {
            for (byte[] message : stream) {
                for (int from = 0; from < message.length || message.length == 0; ) {
                    int to = Math.min(message.length, from + random.nextInt(1, 200));
                    byte[] part = Arrays.copyOfRange(message, from, to);
                    if (decoder.feed(part, to == message.length)) {
                        decoded.add(take(decoder.message()));
                    }
                    from = to;
                    if (message.length == 0) {
                        break;
                    }
                }
            }
        } catch (MalformedFrameException e) {
            assertTrue(!e.getMessage().isEmpty());
        } finally {
            decoder.close();
        }
        return decoded;
    }

    private static byte[] take(MessageBuffer message) {
        assertTrue(message.length() <= MessageBuffer.MOST_BYTES);
        var copy = new ByteArrayOutputStream();
        copy.write(message.bytes(), 0, message.length());
        message.clear();
        return copy.toByteArray();
    }
}
