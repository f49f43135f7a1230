package loom.dispatch.simulator;

import loom.dispatch.simulator.gateway.ConnectionWriter;
import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.gateway.SimulatedGateway;
import loom.dispatch.simulator.wire.FaultState;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Injects faults into a running simulator. Any thread may call any method at any time; no method
 * blocks. Close code 1005 means a close frame without a code. Close code 1006 means no close frame
 * at all.
 */
public final class Faults {
    /** The guilds that READY lists. */
    public enum ReadyGuilds {
        /** The guilds of the shard, as Discord does. */
        ALL,
        /** No guild, although the GUILD_CREATEs follow. */
        NONE,
        /** Each guild twice. */
        TWICE
    }

    /** The event that follows READY for each listed guild. */
    public enum GuildStart {
        /** GUILD_CREATE, or GUILD_DELETE with {@code unavailable} if the guild has an outage. */
        AS_IT_IS,
        /** No event. */
        MISSING,
        /** GUILD_DELETE with {@code unavailable}. */
        OUTAGE,
        /** GUILD_DELETE without {@code unavailable}: the bot has left. */
        LEFT,
        /** GUILD_CREATE with only {@code unavailable}. */
        UNAVAILABLE
    }

    private final SimulatedGateway gateway;
    private final FaultState state;
    private final IntConsumer recommendedShards;

    Faults(SimulatedGateway gateway, FaultState state, IntConsumer recommendedShards) {
        this.gateway = gateway;
        this.state = state;
        this.recommendedShards = recommendedShards;
    }

    /** Closes the connections of these shards with a close code. */
    public void close(IntPredicate shards, int code) {
        each(shards, connection -> connection.close(code, "Simulated."));
    }

    /** Resets the TCP connections of these shards. */
    public void reset(IntPredicate shards) {
        each(shards, ConnectionWriter::reset);
    }

    /** Closes the sockets of these shards without a close frame. */
    public void cut(IntPredicate shards) {
        each(shards, ConnectionWriter::cut);
    }

    /** Shuts down the sending half of these shards' sockets and continues to read. */
    public void shutDownOutput(IntPredicate shards) {
        each(shards, ConnectionWriter::shutDownOutput);
    }

    /** Sends op 7 to these shards. */
    public void requestReconnect(IntPredicate shards) {
        each(shards, connection -> connection.send(GatewayOpcode.RECONNECT, null));
    }

    /** Sends op 1 to these shards: the client must send a heartbeat at once. */
    public void requestHeartbeat(IntPredicate shards) {
        each(shards, connection -> connection.send(GatewayOpcode.HEARTBEAT, null));
    }

    /** Sends op 9 to these shards. If not {@code resumable}, their sessions end. */
    public void invalidate(IntPredicate shards, boolean resumable) {
        each(shards, connection -> gateway.invalidate(connection, resumable));
    }

    /** Sends these bytes as one gateway message to these shards. */
    public void sendRaw(IntPredicate shards, byte[] message) {
        each(shards, connection -> connection.sendRaw(message));
    }

    /**
     * Sends a WebSocket message that bypasses the compression. Examples: text on a compressed
     * connection, bytes outside its stream.
     */
    public void sendFrame(IntPredicate shards, boolean binary, byte[] bytes) {
        each(shards, connection -> connection.sendFrame(binary, bytes));
    }

    /**
     * Stops sending on these connections and leaves them open, so that they look half-open to the
     * client.
     */
    public void freeze(IntPredicate shards) {
        each(shards, ConnectionWriter::freeze);
    }

    /** Damages the next message to each of these shards, so that the client cannot decode it. */
    public void corruptNext(IntPredicate shards) {
        each(shards, ConnectionWriter::corruptNext);
    }

    /** Skips the next events of these shards' connections, which leaves a gap in the sequences. */
    public void swallow(IntPredicate shards, int events) {
        each(shards, connection -> connection.skipEvents(events));
    }

    /** Ends the sessions of these shards without a message. The next RESUME is rejected. */
    public void dropSessions(IntPredicate shards) {
        gateway.dropSessions(shards);
    }

    /** Turns the acknowledgement of heartbeats on or off. */
    public void acknowledge(boolean on) {
        state.acksStopped = !on;
    }

    /** Delays the acknowledgement of heartbeats. */
    public void delayAcks(long millis) {
        state.ackDelayMillis = millis;
    }

    /** Resets every new TCP connection, REST included. */
    public void refuseConnections(boolean on) {
        state.connectionsRefused = on;
    }

    /** Resets every new TCP connection to the resume URL. */
    public void refuseResumeUrl(boolean on) {
        state.resumeUrlRefused = on;
    }

    /** Accepts the upgrade on the resume URL and then sends nothing. */
    public void hangResumeUrl(boolean on) {
        state.resumeUrlHangs = on;
    }

    /** Answers an upgrade on the resume URL with this HTTP status; 0 accepts the upgrade. */
    public void resumeUrlStatus(int status) {
        state.resumeUrlStatus = status;
    }

    /** Sets the resume URL in the READY of new sessions; empty for the real one. */
    public void resumeUrl(String url) {
        state.resumeUrl = url;
    }

    /** Stops reading from clients. Their messages stay in the network buffers. */
    public void stopReading(boolean on) {
        state.readingStopped = on;
    }

    /** Limits each connection to this many bytes per second; 0 for no limit. */
    public void limitBytesPerSecond(long bytesPerSecond) {
        state.bytesPerSecond = bytesPerSecond;
    }

    /** Delays HELLO on new connections. */
    public void delayHello(long millis) {
        state.helloDelayMillis = millis;
    }

    /** Sets the heartbeat interval in HELLO; -1 for the configured one. */
    public void helloInterval(long millis) {
        state.helloIntervalMillis = millis;
    }

    /** Delays the response to an IDENTIFY. */
    public void delayReady(long millis) {
        state.readyDelayMillis = millis;
    }

    /** Sets the guilds that READY lists. */
    public void readyGuilds(ReadyGuilds guilds) {
        state.readyGuilds = guilds;
    }

    /** Sets the event that follows READY for each guild. */
    public void startGuilds(GuildStart start) {
        state.guildStart = start;
    }

    /** Answers every IDENTIFY with only these messages; none restores the normal answer. */
    public void answerIdentifyWith(byte[]... messages) {
        state.identifyAnswer = List.of(messages);
    }

    /** Answers every RESUME with only these messages; none restores the normal answer. */
    public void answerResumeWith(byte[]... messages) {
        state.resumeAnswer = List.of(messages);
    }

    /** Replays this many events on a RESUME that the client already has. */
    public void replayAgain(int events) {
        state.replayedAgain = events;
    }

    /** Sends no HELLO on new connections. */
    public void withholdHello(boolean on) {
        state.helloWithheld = on;
    }

    /** Leaves every IDENTIFY unanswered. */
    public void withholdReady(boolean on) {
        state.readyWithheld = on;
    }

    /** Sends these messages before HELLO on every new connection. */
    public void sendBeforeHello(byte[]... messages) {
        state.messagesBeforeHello = List.of(messages);
    }

    /** Closes every new connection with this code instead of sending HELLO; 0 turns it off. */
    public void closeOnConnect(int code) {
        state.helloCloseCode = code;
    }

    /** Answers every IDENTIFY with this close code; 0 turns it off. */
    public void closeOnIdentify(int code) {
        state.identifyCloseCode = code;
    }

    /** Answers every RESUME with this close code; 0 turns it off. */
    public void closeOnResume(int code) {
        state.resumeCloseCode = code;
    }

    /** Answers every IDENTIFY with op 9. */
    public void refuseIdentify(boolean on) {
        state.identifyRefused = on;
    }

    /** Answers every RESUME with op 9. The session stays resumable. */
    public void refuseResume(boolean on) {
        state.resumeRefused = on;
    }

    /**
     * Splits each compressed message into WebSocket messages of this many bytes; 0 turns it off.
     */
    public void splitMessages(int bytes) {
        state.splitBytes = bytes;
    }

    /** Splits each message into WebSocket frames of this many bytes; 0 turns it off. */
    public void fragmentMessages(int bytes) {
        state.fragmentBytes = bytes;
    }

    /** Delays every REST response. */
    public void delayRest(long millis) {
        state.restDelayMillis = millis;
    }

    /** Answers REST requests whose path contains {@code pathPart} with this status. */
    public void failRest(String pathPart, int status) {
        state.restFault = Optional.of(new FaultState.RestFault(status, pathPart, Optional.empty()));
    }

    /**
     * Answers REST requests whose path contains {@code pathPart} with this status and body. The
     * body need not be JSON: the proxies in front of Discord send HTML.
     */
    public void failRest(String pathPart, int status, String body) {
        state.restFault =
                Optional.of(new FaultState.RestFault(status, pathPart, Optional.of(body)));
    }

    /** Answers every REST request with this status; 200 restores the normal responses. */
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

    /** Sets the number of IDENTIFYs that are left today. */
    public void startsRemaining(int starts) {
        gateway.startsRemaining(starts);
    }

    /** Sets the shard count that {@code /gateway/bot} recommends. */
    public void recommendedShards(int shards) {
        recommendedShards.accept(shards);
    }

    private void each(IntPredicate shards, Consumer<ConnectionWriter> action) {
        for (ConnectionWriter connection : gateway.connections()) {
            connection.record().knownShard().stream()
                    .filter(shards)
                    .forEach(s -> action.accept(connection));
        }
    }
}
