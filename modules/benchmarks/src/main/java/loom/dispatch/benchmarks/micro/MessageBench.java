package loom.dispatch.benchmarks.micro;

import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.gateway.compression.MessageBuffer;
import loom.dispatch.gateway.compression.ZlibStreamDecoder;
import loom.dispatch.gateway.protocol.EnvelopeScanner;
import loom.dispatch.gateway.protocol.MalformedFrameException;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;

/** Measures a shard's work per message: inflate it and parse its envelope. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MessageBench {
    private byte[][] messages;
    private byte[][] zlib;
    private ZlibStreamDecoder stream;
    private int next;

    /** Records a thousand messages and compresses them as one stream. */
    @Setup
    public void record() {
        List<RecordedTraffic.Event> events = RecordedTraffic.sample().traffic();
        messages = new byte[events.size()][];
        zlib = new byte[events.size()][];
        Deflater deflater = new Deflater(6);
        for (int i = 0; i < messages.length; i++) {
            RecordedTraffic.Event event = events.get(i);
            messages[i] = message(event, i + 2);
            zlib[i] = deflated(deflater, messages[i]);
        }
        deflater.end();
        stream = new ZlibStreamDecoder();
    }

    private static byte[] message(RecordedTraffic.Event event, int sequence) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(
                ("{\"t\":\"" + event.type() + "\",\"s\":" + sequence + ",\"op\":0,\"d\":")
                        .getBytes(StandardCharsets.UTF_8));
        out.writeBytes(event.data());
        out.write('}');
        return out.toByteArray();
    }

    private static byte[] deflated(Deflater deflater, byte[] plain) {
        deflater.setInput(plain);
        byte[] buffer = new byte[1 << 20];
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        return java.util.Arrays.copyOf(buffer, length);
    }

    /** Inflates one message of the stream. */
    @Benchmark
    public int inflateZlib() throws MalformedFrameException {
        if (next == zlib.length) {
            stream.close();
            stream = new ZlibStreamDecoder();
            next = 0;
        }
        stream.feed(zlib[next++], true);
        MessageBuffer message = stream.message();
        int length = message.length();
        message.clear();
        return length;
    }

    /** Parses opcode, sequence, type, data offset and guild id. */
    @Benchmark
    public Object scanEnvelope() throws MalformedFrameException {
        byte[] message = messages[next++ % messages.length];
        return EnvelopeScanner.scan(message, message.length);
    }
}
