package loom.dispatch.simulator;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** What can go wrong on purpose, at any time and from any thread; nothing here blocks. */
public final class Faults {
    private final Gateway gateway;
    private final FaultState state;
    private final RestApi rest;

    Faults(Gateway gateway, FaultState state, RestApi rest) {
        this.gateway = gateway;
        this.state = state;
        this.rest = rest;
    }

    /** Closes the connections of these shards with a close code. */
    public void close(IntPredicate shards, int code) {
        each(shards, connection -> connection.close(code, "Simulated."));
    }

    /** Cuts the connections of these shards by a TCP reset. */
    public void reset(IntPredicate shards) {
        each(shards, Connection::reset);
    }

    /** Closes the sockets of these shards without a close frame. */
    public void cut(IntPredicate shards) {
        each(shards, Connection::cut);
    }

    /** Sends op 7 to these shards. */
    public void requestReconnect(IntPredicate shards) {
        each(shards, connection -> connection.say(Opcode.RECONNECT, null));
    }

    /** Sends op 1: the client is to answer with a heartbeat at once. */
    public void requestHeartbeat(IntPredicate shards) {
        each(shards, connection -> connection.say(Opcode.HEARTBEAT, null));
    }

    /** Sends op 9 to these shards; without {@code resumable} their sessions are over. */
    public void invalidate(IntPredicate shards, boolean resumable) {
        each(shards, connection -> gateway.invalidate(connection, resumable));
    }

    /** Sends these bytes as one message to these shards. */
    public void sendRaw(IntPredicate shards, byte[] message) {
        each(shards, connection -> connection.sayRaw(message));
    }

    /**
     * Sends a WebSocket message past the connection's compression: text on a compressed connection,
     * or bytes that are no part of its stream.
     */
    public void sendFrame(IntPredicate shards, boolean binary, byte[] bytes) {
        each(shards, connection -> connection.sayFrame(binary, bytes));
    }

    /** Sends nothing more on these connections, which stay open: half-open for the client. */
    public void freeze(IntPredicate shards) {
        each(shards, Connection::freeze);
    }

    /** Ends the sessions of these shards without a word: the next RESUME is refused. */
    public void dropSessions(IntPredicate shards) {
        gateway.dropSessions(shards);
    }

    /** Whether heartbeats are answered. */
    public void acknowledge(boolean on) {
        state.acksStopped = !on;
    }

    /** Answers heartbeats late. */
    public void delayAcks(long millis) {
        state.ackDelayMillis = millis;
    }

    /** Resets every new TCP connection, also of REST. */
    public void refuseConnections(boolean on) {
        state.connectionsRefused = on;
    }

    /** Resets every new TCP connection to the resume URL. */
    public void refuseResumeUrl(boolean on) {
        state.resumeUrlRefused = on;
    }

    /** Accepts the upgrade on the resume URL and then says nothing. */
    public void hangResumeUrl(boolean on) {
        state.resumeUrlHangs = on;
    }

    /** Says no HELLO on new connections. */
    public void withholdHello(boolean on) {
        state.helloWithheld = on;
    }

    /** Leaves IDENTIFYs unanswered. */
    public void withholdReady(boolean on) {
        state.readyWithheld = on;
    }

    /** Sends these messages on every new connection before HELLO; none for as usual. */
    public void greetWith(byte[]... messages) {
        state.greeting = List.of(messages);
    }

    /** Answers every IDENTIFY by closing with this code; 0 for as usual. */
    public void closeOnIdentify(int code) {
        state.identifyCloseCode = code;
    }

    /** Answers every RESUME by closing with this code; 0 for as usual. */
    public void closeOnResume(int code) {
        state.resumeCloseCode = code;
    }

    /** Answers every IDENTIFY with op 9. */
    public void refuseIdentify(boolean on) {
        state.identifyRefused = on;
    }

    /** Answers every RESUME with op 9; the session lives on. */
    public void refuseResume(boolean on) {
        state.resumeRefused = on;
    }

    /** Sends compressed messages in pieces of that many bytes, each a message; 0 for whole. */
    public void splitMessages(int bytes) {
        state.splitBytes = bytes;
    }

    /** Cuts every message into WebSocket frames of that many bytes; 0 for whole ones. */
    public void fragmentMessages(int bytes) {
        state.fragmentBytes = bytes;
    }

    /** Lets every REST answer wait. */
    public void delayRest(long millis) {
        state.restDelayMillis = millis;
    }

    /** Answers REST requests whose path contains {@code pathPart} with that status. */
    public void failRest(String pathPart, int status) {
        state.restFault = Optional.of(new FaultState.RestFault(status, pathPart));
    }

    /** Answers every REST request with that status, 200 for as usual. */
    public void restStatus(int status) {
        if (status == 200) {
            restoreRest();
        } else {
            failRest("", status);
        }
    }

    public void restoreRest() {
        state.restFault = Optional.empty();
    }

    /** Sets how many IDENTIFYs are left today. */
    public void startsRemaining(int starts) {
        gateway.startsRemaining(starts);
    }

    /** What {@code /gateway/bot} recommends from now on. */
    public void recommendedShards(int shards) {
        rest.recommendedShards(shards);
    }

    private void each(IntPredicate shards, Consumer<Connection> action) {
        for (Connection connection : gateway.connections()) {
            connection.record().knownShard().stream()
                    .filter(shards)
                    .forEach(s -> action.accept(connection));
        }
    }
}
