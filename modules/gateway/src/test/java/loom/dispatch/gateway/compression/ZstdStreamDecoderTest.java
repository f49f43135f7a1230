package loom.dispatch.gateway.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;

import loom.dispatch.gateway.protocol.MalformedFrameException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Checks that messages are decoded however they are split, and that memory is released. */
final class ZstdStreamDecoderTest {
    /** Discord's parameters, as far as they are known. */
    private final ZstdCompressCtx sender =
            new ZstdCompressCtx()
                    .setLevel(6)
                    .setWindowLog(18)
                    .setContentSize(false)
                    .setChecksum(false);

    private final ZstdStreamDecoder stream = new ZstdStreamDecoder();

    @AfterEach
    void close() {
        stream.close();
        sender.close();
    }

    private byte[] compress(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer source = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        ByteBuffer target = ByteBuffer.allocateDirect(bytes.length + (bytes.length >> 8) + 1024);
        assertTrue(sender.compressDirectByteBufferStream(target, source, EndDirective.FLUSH));
        byte[] compressed = new byte[target.flip().remaining()];
        target.get(compressed);
        return compressed;
    }

    private String take() {
        MessageBuffer message = stream.message();
        String text = new String(message.bytes(), 0, message.length(), StandardCharsets.UTF_8);
        message.clear();
        return text;
    }

    /** Returns text that hardly compresses, so that a message has many blocks. */
    private static String noise(Random random, int length) {
        return random.ints(length, 32, 127)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void eachMessageIsDecodedBeforeNextArrives() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            String text = "{\"n\":" + i + ",\"d\":\"" + noise(random, random.nextInt(3000)) + "\"}";
            assertTrue(stream.feed(compress(text), true));
            assertEquals(text, take());
        }
    }

    @Test
    void messageSplitAtEveryByteIsDecoded() throws Exception {
        for (int split = 1; ; split++) {
            String text = "{\"op\":11,\"n\":" + split + "}";
            byte[] bytes = compress(text);
            if (split >= bytes.length) {
                return;
            }
            assertFalse(stream.feed(Arrays.copyOf(bytes, split), false));
            assertFalse(stream.feed(new byte[0], false), "an empty part");
            assertTrue(stream.feed(Arrays.copyOfRange(bytes, split, bytes.length), true));
            assertEquals(text, take());
        }
    }

    @Test
    void outputOfExactBufferSizeIsNotTruncated() throws Exception {
        Random random = new Random(2);
        for (int length = 8 * 1024 - 3; length <= 8 * 1024 + 3; length++) {
            String text = noise(random, length);
            assertTrue(stream.feed(compress(text), true));
            assertEquals(text, take());
        }
    }

    @Test
    void messageOf64MegabytesIsDecodedAndItsBufferReleased() throws Exception {
        String large = "x".repeat(64 * 1024 * 1024);
        assertTrue(stream.feed(compress(large), true));
        assertEquals(large.length(), stream.message().length());
        stream.message().clear();
        assertTrue(stream.message().bytes().length <= MessageBuffer.KEPT_BYTES);
        assertTrue(stream.feed(compress("{}"), true));
        assertEquals("{}", take());
    }

    @Test
    void endlessMessageIsRefusedBeforeItFillsMemory() {
        String block = "x".repeat(1024 * 1024);
        assertThrows(
                MalformedFrameException.class,
                () -> {
                    for (int i = 0; i <= MessageBuffer.MOST_BYTES / block.length(); i++) {
                        stream.feed(compress(block), false);
                    }
                });
    }

    @Test
    void damagedStreamIsRefused() {
        byte[] bytes = compress("{\"op\":11,\"d\":null}");
        bytes[0] ^= 1;
        assertThrows(MalformedFrameException.class, () -> stream.feed(bytes, true));
    }

    @Test
    void largeWindowIsRefused() {
        try (var greedy = new ZstdCompressCtx().setLevel(3).setLong(27).setContentSize(false)) {
            ByteBuffer source = ByteBuffer.allocateDirect(100);
            ByteBuffer target = ByteBuffer.allocateDirect(4096);
            greedy.compressDirectByteBufferStream(target, source, EndDirective.FLUSH);
            byte[] bytes = new byte[target.flip().remaining()];
            target.get(bytes);
            assertThrows(MalformedFrameException.class, () -> stream.feed(bytes, true));
        }
    }
}
