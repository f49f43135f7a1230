package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.RedisOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Speaks through another client's connections and keeps, while it is asked to, the bytes of each
 * pipeline as they go to Redis. Used by one thread while it tapes.
 */
final class TapedConnector implements Connector {
    private final Connector whole;
    private final List<RawRedis.Pipeline> tape = new ArrayList<>();
    private volatile boolean taping;

    TapedConnector(Connector whole) {
        this.whole = whole;
    }

    /** Forgets what was taped, and tapes from now on. */
    void begin() {
        tape.clear();
        taping = true;
    }

    /** What was said since {@link #begin}. */
    List<RawRedis.Pipeline> end() {
        taping = false;
        return List.copyOf(tape);
    }

    @Override
    public Wire open() {
        return new TapedWire(whole.open());
    }

    @Override
    public List<Wire> nodes() {
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

    private final class TapedWire implements Wire {
        private final Wire wire;

        TapedWire(Wire wire) {
            this.wire = wire;
        }

        @Override
        public List<Object> exchange(List<CommandArguments> commands) {
            if (taping) {
                tape.add(new RawRedis.Pipeline(bytes(commands), commands.size()));
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
