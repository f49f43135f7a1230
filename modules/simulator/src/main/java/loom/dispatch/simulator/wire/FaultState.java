package loom.dispatch.simulator.wire;

import loom.dispatch.simulator.Faults;

import java.util.List;
import java.util.Optional;

/** The switches that {@link Faults} turns and everybody reads; each is independent of the rest. */
public final class FaultState {
    /** An answer to give instead of the right one. */
    public record RestFault(int status, String pathPart, Optional<String> body) {}

    public volatile boolean acksStopped;
    public volatile boolean connectionsRefused;
    public volatile boolean resumeUrlRefused;
    public volatile boolean resumeUrlHangs;
    public volatile boolean helloWithheld;
    public volatile boolean readyWithheld;
    public volatile boolean readingStopped;

    /** Status that answers an upgrade on the resume URL; 0 for the upgrade. */
    public volatile int resumeUrlStatus;

    /** What READY names instead of the true URL; empty for the true one. */
    public volatile String resumeUrl = "";

    public volatile long helloDelayMillis;
    public volatile long readyDelayMillis;

    /** What HELLO tells instead of the true interval; -1 for the true one. */
    public volatile long helloIntervalMillis = -1;

    public volatile Faults.ReadyGuilds readyGuilds = Faults.ReadyGuilds.ALL;
    public volatile Faults.GuildStart guildStart = Faults.GuildStart.AS_IT_IS;

    /** Close codes that answer instead; 0 for none. */
    public volatile int helloCloseCode;

    public volatile int identifyCloseCode;

    public volatile int resumeCloseCode;

    public volatile boolean identifyRefused;
    public volatile boolean resumeRefused;

    /** Sent before HELLO. */
    public volatile List<byte[]> greeting = List.of();

    /** Sent instead of what would answer; empty for the answer. */
    public volatile List<byte[]> identifyAnswer = List.of();

    public volatile List<byte[]> resumeAnswer = List.of();

    /** Events that a RESUME gets although it has them. */
    public volatile int replayedAgain;

    /** 0 for as fast as the network takes it. */
    public volatile long bytesPerSecond;

    public volatile long ackDelayMillis;
    public volatile int splitBytes;
    public volatile int fragmentBytes;
    public volatile long restDelayMillis;
    public volatile Optional<RestFault> restFault = Optional.empty();
}
