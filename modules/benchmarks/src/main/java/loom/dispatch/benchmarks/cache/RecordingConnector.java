package loom.dispatch.benchmarks.cache;

import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisConnector;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.RedisOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Forwards to another connector and, while asked to, records the bytes of each pipeline. Used by
 * one thread while it records.
 */
final class RecordingConnector implements RedisConnector {
    private final RedisConnector whole;
    private final List<RawRedisConnection.Pipeline> pipelines = new ArrayList<>();
    private volatile boolean taping;

    RecordingConnector(RedisConnector whole) {
        this.whole = whole;
    }

    /** Starts a new recording. */
    void begin() {
        pipelines.clear();
        taping = true;
    }

    /** Ends the recording and returns the pipelines since {@link #begin}. */
    List<RawRedisConnection.Pipeline> end() {
        taping = false;
        return List.copyOf(pipelines);
    }

    @Override
    public RedisConnection open() {
        return new TapedWire(whole.open());
    }

    @Override
    public List<RedisConnection> nodes() {
        return whole.nodes();
    }

    @Override
    public void refresh() {
        whole.refresh();
    }

    @Override
    public int inUse() {
        return whole.inUse();
    }

    @Override
    public void close() {
        whole.close();
    }

    private final class TapedWire implements RedisConnection {
        private final RedisConnection wire;

        TapedWire(RedisConnection wire) {
            this.wire = wire;
        }

        @Override
        public List<Object> exchange(List<CommandArguments> commands) {
            if (taping) {
                pipelines.add(new RawRedisConnection.Pipeline(bytes(commands), commands.size()));
            }
            return wire.exchange(commands);
        }

        @Override
        public boolean transactions() {
            return wire.transactions();
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    private static byte[] bytes(List<CommandArguments> commands) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new RedisOutputStream(bytes)) {
            commands.forEach(command -> Protocol.sendCommand(out, command));
        } catch (IOException cannotBe) {
            throw new UncheckedIOException(cannotBe);
        }
        return bytes.toByteArray();
    }
}
