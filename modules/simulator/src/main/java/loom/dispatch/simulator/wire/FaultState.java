package loom.dispatch.simulator.wire;

import loom.dispatch.simulator.Faults;

import java.util.List;
import java.util.Optional;

/**
 * The fault switches: {@link Faults} sets them and connection threads read them. Each switch is
 * independent of the others.
 */
public final class FaultState {
    /** A response that replaces the normal one. */
    public record RestFault(int status, String pathPart, Optional<String> body) {}

    public volatile boolean acksStopped;
    public volatile boolean connectionsRefused;
    public volatile boolean resumeUrlRefused;
    public volatile boolean resumeUrlHangs;
    public volatile boolean helloWithheld;
    public volatile boolean readyWithheld;
    public volatile boolean readingStopped;

    /** The HTTP status of an upgrade on the resume URL; 0 accepts the upgrade. */
    public volatile int resumeUrlStatus;

    /** The resume URL in READY; empty for the real one. */
    public volatile String resumeUrl = "";

    public volatile long helloDelayMillis;
    public volatile long readyDelayMillis;

    /** The heartbeat interval in HELLO; -1 for the configured one. */
    public volatile long helloIntervalMillis = -1;

    public volatile Faults.ReadyGuilds readyGuilds = Faults.ReadyGuilds.ALL;
    public volatile Faults.GuildStart guildStart = Faults.GuildStart.AS_IT_IS;

    /** Close codes sent instead of the normal answer; 0 for none. */
    public volatile int helloCloseCode;

    public volatile int identifyCloseCode;

    public volatile int resumeCloseCode;

    public volatile boolean identifyRefused;
    public volatile boolean resumeRefused;

    /** The messages sent before HELLO. */
    public volatile List<byte[]> messagesBeforeHello = List.of();

    /** The messages sent instead of the normal answer; empty for the normal one. */
    public volatile List<byte[]> identifyAnswer = List.of();

    public volatile List<byte[]> resumeAnswer = List.of();

    /** The number of events that a RESUME replays although the client has them. */
    public volatile int replayedAgain;

    /** The limit per connection; 0 for none. */
    public volatile long bytesPerSecond;

    public volatile long ackDelayMillis;
    public volatile int splitBytes;
    public volatile int fragmentBytes;
    public volatile long restDelayMillis;
    public volatile Optional<RestFault> restFault = Optional.empty();
}
