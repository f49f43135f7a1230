package loom.dispatch.gateway.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.protocol.MalformedFrameException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Checks that messages are decoded however the stream is split, and that memory is released. */
final class ZlibStreamDecoderTest {
    private final Deflater deflater = new Deflater();

    private byte[] deflate(String text) {
        deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH)) > 0) {
            out.write(buffer, 0, count);
        }
        return out.toByteArray();
    }

    private static String take(ZlibStreamDecoder stream) {
        MessageBuffer message = stream.message();
        String text = new String(message.bytes(), 0, message.length(), StandardCharsets.UTF_8);
        message.clear();
        return text;
    }

    @Test
    void messageSplitAtEveryByteIsDecoded() throws Exception {
        byte[] first = deflate("{\"op\":10,\"d\":{\"heartbeat_interval\":41250}}");
        byte[] second = deflate("{\"op\":11}".repeat(50));
        for (int split = 1; split < second.length; split++) {
            var stream = new ZlibStreamDecoder();
            assertTrue(stream.feed(first, true));
            take(stream);
            boolean early = stream.feed(Arrays.copyOfRange(second, 0, split), true);
            assertEquals(false, early, "whole after " + split + " of " + second.length);
            assertTrue(stream.feed(Arrays.copyOfRange(second, split, second.length), true));
            assertEquals("{\"op\":11}".repeat(50), take(stream));
            stream.close();
        }
    }

    @Test
    void messageInSingleBytesIsDecodedAtItsEnd() throws Exception {
        byte[] bytes = deflate("{\"op\":1,\"d\":null}");
        var stream = new ZlibStreamDecoder();
        List<Boolean> whole = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            whole.add(stream.feed(new byte[] {bytes[i]}, i == bytes.length - 1));
        }
        assertEquals(bytes.length - 1, whole.indexOf(true));
        assertEquals("{\"op\":1,\"d\":null}", take(stream));
        stream.close();
    }

    @Test
    void messageOf64MegabytesIsDecodedAndItsBufferReleased() throws Exception {
        String large = "x".repeat(64 * 1024 * 1024);
        var stream = new ZlibStreamDecoder();
        assertTrue(stream.feed(deflate(large), true));
        assertEquals(large.length(), stream.message().length());
        stream.message().clear();
        assertTrue(stream.message().bytes().length <= MessageBuffer.KEPT_BYTES);
        assertTrue(stream.feed(deflate("{}"), true));
        assertEquals("{}", take(stream));
        stream.close();
    }

    @Test
    void endlessMessageIsRefusedBeforeItFillsMemory() {
        var stream = new ZlibStreamDecoder();
        String block = "x".repeat(1024 * 1024);
        assertThrows(
                MalformedFrameException.class,
                () -> {
                    for (int i = 0; i <= MessageBuffer.MOST_BYTES / block.length(); i++) {
                        stream.feed(deflate(block), false);
                    }
                });
        stream.close();
    }

    @Test
    void damagedStreamIsRefused() throws Exception {
        byte[] bytes = deflate("{\"op\":11,\"d\":null}");
        bytes[0] = 0;
        var stream = new ZlibStreamDecoder();
        assertThrows(MalformedFrameException.class, () -> stream.feed(bytes, true));
        stream.close();
    }
}
