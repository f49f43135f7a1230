package loom.dispatch.simulator;

import loom.dispatch.simulator.wire.HttpRequest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Records everything that clients do, so that tests can assert it. Thread-safe. Its size grows with
 * the number of connections and requests.
 */
public final class ClientActionRecorder {
    /** A valid IDENTIFY. {@code key} is {@code shard % max_concurrency}. */
    public record Identify(
            int connection, int shard, int count, int key, boolean accepted, long nanos) {}

    /** A RESUME with a valid token. {@code accepted} is false if op 9 or a close answered it. */
    public record Resume(
            int connection,
            int shard,
            String sessionId,
            long sequence,
            boolean accepted,
            int replayed,
            long nanos) {}

    /** A REST request and the status of its response. */
    public record RestCall(
            String method,
            String path,
            Map<String, String> headers,
            String body,
            int status,
            long nanos) {}

    /**
     * A message from the client.
     *
     * @param op its opcode, -1 if it had none
     * @param payload the whole message; empty if it was not a JSON object
     * @param nanos {@code System.nanoTime()} on arrival
     */
    public record Frame(int op, Map<String, Object> payload, long nanos) {}

    /** The record of one gateway connection. Times are {@code System.nanoTime()}. */
    public static final class Connection {
        /** The newest frames kept for a connection. At 4 KiB each they take at most 40 MB. */
        private static final int FRAMES = 10_000;

        private final int number;
        private final boolean resumeUrl;
        private final String path;
        private final String query;
        private final Map<String, String> headers;
        private final long openedNanos;
        private final long intervalNanos;

        private final Map<Integer, Long> counts = new HashMap<>();
        private final Deque<Frame> frames = new ArrayDeque<>();
        private final List<OptionalLong> heartbeats = new ArrayList<>();
        private OptionalInt shard = OptionalInt.empty();
        private OptionalInt clientCloseCode = OptionalInt.empty();
        private OptionalLong closedNanos = OptionalLong.empty();
        private long lastHeartbeatNanos;
        private long longestGapNanos;

        private Connection(int number, boolean resumeUrl, HttpRequest request, long intervalNanos) {
            this.number = number;
            this.resumeUrl = resumeUrl;
            this.path = request.path();
            this.query = request.query();
            this.headers = Map.copyOf(request.headers());
            this.openedNanos = System.nanoTime();
            this.intervalNanos = intervalNanos;
            this.lastHeartbeatNanos = openedNanos;
        }

        /** Returns the number of the connection: 0 for the first upgrade. */
        public int number() {
            return number;
        }

        /** Returns true if the client connected to the {@code resume_gateway_url}. */
        public boolean resumeUrl() {
            return resumeUrl;
        }

        public String path() {
            return path;
        }

        /** Returns the query string without the question mark. */
        public String query() {
            return query;
        }

        /** Returns the headers of the upgrade request; names are in lower case. */
        public Map<String, String> headers() {
            return headers;
        }

        public long openedNanos() {
            return openedNanos;
        }

        /** Returns when the connection closed; empty while it is open. */
        public synchronized OptionalLong closedNanos() {
            return closedNanos;
        }

        /** Returns the shard that identified or resumed on this connection, -1 before that. */
        public synchronized int shard() {
            return shard.orElse(-1);
        }

        synchronized OptionalInt knownShard() {
            return shard;
        }

        /** Returns the close code that the client sent, -1 if the client did not close first. */
        public synchronized int clientCloseCode() {
            return clientCloseCode.orElse(-1);
        }

        /** Returns the newest 10,000 messages of the client, oldest first. */
        public synchronized List<Frame> frames() {
            return List.copyOf(frames);
        }

        /** Returns the client's messages with this opcode. */
        public List<Frame> frames(int op) {
            return frames().stream().filter(frame -> frame.op() == op).toList();
        }

        /** Returns the {@code d} of each heartbeat; empty for null. */
        public synchronized List<OptionalLong> heartbeats() {
            return List.copyOf(heartbeats);
        }

        /**
         * Returns the longest time without a heartbeat between the upgrade and the close, or now.
         */
        public synchronized long longestHeartbeatGapNanos() {
            long end = closedNanos.orElseGet(System::nanoTime);
            return Math.max(longestGapNanos, end - lastHeartbeatNanos);
        }

        /** Returns the longest time without a heartbeat in heartbeat intervals. */
        public double longestHeartbeatGap() {
            return (double) longestHeartbeatGapNanos() / intervalNanos;
        }

        /** Returns the heartbeat intervals since the last heartbeat; empty once closed. */
        public synchronized OptionalDouble currentGap() {
            return closedNanos.isPresent()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(
                            (double) (System.nanoTime() - lastHeartbeatNanos) / intervalNanos);
        }

        synchronized long count(int op) {
            return counts.getOrDefault(op, 0L);
        }

        public synchronized void frame(Frame frame) {
            counts.merge(frame.op(), 1L, Long::sum);
            if (frames.size() == FRAMES) {
                frames.removeFirst();
            }
            frames.addLast(frame);
        }

        public synchronized void heartbeat(OptionalLong sequence, long nanos) {
            heartbeats.add(sequence);
            longestGapNanos = Math.max(longestGapNanos, nanos - lastHeartbeatNanos);
            lastHeartbeatNanos = nanos;
        }

        public synchronized void belongsTo(int shardId) {
            shard = OptionalInt.of(shardId);
        }

        public synchronized void clientClosed(int code) {
            clientCloseCode = OptionalInt.of(code);
        }

        public synchronized void closed() {
            if (closedNanos.isEmpty()) {
                closedNanos = OptionalLong.of(System.nanoTime());
            }
        }
    }

    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final List<Identify> identifies = new CopyOnWriteArrayList<>();
    private final List<Resume> resumes = new CopyOnWriteArrayList<>();
    private final List<RestCall> restCalls = new CopyOnWriteArrayList<>();

    ClientActionRecorder() {}

    /** Returns every gateway connection in the order of the upgrades. */
    public List<Connection> connections() {
        return List.copyOf(connections);
    }

    /** Returns the connections of one shard. */
    public List<Connection> connections(int shard) {
        return connections.stream().filter(c -> c.shard() == shard).toList();
    }

    public List<Identify> identifies() {
        return List.copyOf(identifies);
    }

    public List<Resume> resumes() {
        return List.copyOf(resumes);
    }

    public List<RestCall> restCalls() {
        return List.copyOf(restCalls);
    }

    /** Returns the longest time without a heartbeat on any connection, in heartbeat intervals. */
    public double longestHeartbeatGap() {
        return connections.stream().mapToDouble(Connection::longestHeartbeatGap).max().orElse(0);
    }

    /** Returns how many messages with this opcode all clients sent. */
    public long count(int op) {
        return connections.stream().mapToLong(connection -> connection.count(op)).sum();
    }

    public synchronized Connection open(boolean resumeUrl, HttpRequest request, long interval) {
        Connection connection = new Connection(connections.size(), resumeUrl, request, interval);
        connections.add(connection);
        return connection;
    }

    public void identify(Identify identify) {
        identifies.add(identify);
    }

    public void resume(Resume resume) {
        resumes.add(resume);
    }

    public void rest(RestCall call) {
        restCalls.add(call);
    }
}
