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
 * What can go wrong on purpose, at any time and from any thread; nothing here blocks. Of the close
 * codes 1005 stands for a close frame without a code and 1006 for no close frame at all.
 */
public final class Faults {
    /** Which guilds READY lists. */
    public enum ReadyGuilds {
        /** The guilds of the shard, as Discord does. */
        ALL,
        /** None, though their GUILD_CREATEs follow. */
        NONE,
        /** Each one twice. */
        TWICE
    }

    /** What follows READY for each guild that it lists. */
    public enum GuildStart {
        /** GUILD_CREATE, or GUILD_DELETE with {@code unavailable} in an outage. */
        AS_IT_IS,
        /** Nothing, ever. */
        MISSING,
        /** GUILD_DELETE with {@code unavailable}. */
        OUTAGE,
        /** GUILD_DELETE without {@code unavailable}: the bot has left. */
        LEFT,
        /** GUILD_CREATE with nothing but {@code unavailable}. */
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

    /** Cuts the connections of these shards by a TCP reset. */
    public void reset(IntPredicate shards) {
        each(shards, ConnectionWriter::reset);
    }

    /** Closes the sockets of these shards without a close frame. */
    public void cut(IntPredicate shards) {
        each(shards, ConnectionWriter::cut);
    }

    /** Sends nothing more to these shards, tells TCP so, and still hears what they say. */
    public void hangUp(IntPredicate shards) {
        each(shards, ConnectionWriter::hangUp);
    }

    /** Sends op 7 to these shards. */
    public void requestReconnect(IntPredicate shards) {
        each(shards, connection -> connection.say(GatewayOpcode.RECONNECT, null));
    }

    /** Sends op 1: the client is to answer with a heartbeat at once. */
    public void requestHeartbeat(IntPredicate shards) {
        each(shards, connection -> connection.say(GatewayOpcode.HEARTBEAT, null));
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
        each(shards, ConnectionWriter::freeze);
    }

    /** Damages the next message to each of these shards so that it cannot be decoded. */
    public void corruptNext(IntPredicate shards) {
        each(shards, ConnectionWriter::corruptNext);
    }

    /** Leaves out the next events of these shards' connections: a gap in their sequences. */
    public void swallow(IntPredicate shards, int events) {
        each(shards, connection -> connection.swallow(events));
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

    /** Answers an upgrade on the resume URL with this HTTP status; 0 for as usual. */
    public void resumeUrlStatus(int status) {
        state.resumeUrlStatus = status;
    }

    /** New sessions are told to resume on this URL; empty for the true one. */
    public void resumeUrl(String url) {
        state.resumeUrl = url;
    }

    /** Reads nothing that clients send; what they send stays in the network. */
    public void stopReading(boolean on) {
        state.readingStopped = on;
    }

    /** Sends no faster than so many bytes a second on each connection; 0 for no limit. */
    public void slowDown(long bytesPerSecond) {
        state.bytesPerSecond = bytesPerSecond;
    }

    /** Says HELLO that much later on new connections. */
    public void delayHello(long millis) {
        state.helloDelayMillis = millis;
    }

    /** HELLO tells this heartbeat interval; -1 for the true one. */
    public void helloInterval(long millis) {
        state.helloIntervalMillis = millis;
    }

    /** Answers an IDENTIFY that much later. */
    public void delayReady(long millis) {
        state.readyDelayMillis = millis;
    }

    /** READY lists these guilds. */
    public void readyGuilds(ReadyGuilds guilds) {
        state.readyGuilds = guilds;
    }

    /** After READY this is what comes for each guild. */
    public void startGuilds(GuildStart start) {
        state.guildStart = start;
    }

    /** Answers every IDENTIFY with these messages and nothing else; none for as usual. */
    public void answerIdentifyWith(byte[]... messages) {
        state.identifyAnswer = List.of(messages);
    }

    /** Answers every RESUME with these messages and nothing else; none for as usual. */
    public void answerResumeWith(byte[]... messages) {
        state.resumeAnswer = List.of(messages);
    }

    /** A RESUME is sent so many events again that the client has. */
    public void replayAgain(int events) {
        state.replayedAgain = events;
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

    /** Closes every new connection with this code instead of a HELLO; 0 for as usual. */
    public void closeOnConnect(int code) {
        state.helloCloseCode = code;
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
        state.restFault = Optional.of(new FaultState.RestFault(status, pathPart, Optional.empty()));
    }

    /** The same with a body, which need not be JSON: what stands before Discord sends HTML. */
    public void failRest(String pathPart, int status, String body) {
        state.restFault =
                Optional.of(new FaultState.RestFault(status, pathPart, Optional.of(body)));
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
