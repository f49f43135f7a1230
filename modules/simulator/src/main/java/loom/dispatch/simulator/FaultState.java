package loom.dispatch.simulator;

import java.util.List;
import java.util.Optional;

/** The switches that {@link Faults} turns and everybody reads; each is independent of the rest. */
final class FaultState {
    /** An answer to give instead of the right one. */
    record RestFault(int status, String pathPart, Optional<String> body) {}

    volatile boolean acksStopped;
    volatile boolean connectionsRefused;
    volatile boolean resumeUrlRefused;
    volatile boolean resumeUrlHangs;
    volatile boolean helloWithheld;
    volatile boolean readyWithheld;
    volatile boolean readingStopped;

    /** Status that answers an upgrade on the resume URL; 0 for the upgrade. */
    volatile int resumeUrlStatus;

    /** What READY names instead of the true URL; empty for the true one. */
    volatile String resumeUrl = "";

    volatile long helloDelayMillis;
    volatile long readyDelayMillis;

    /** What HELLO tells instead of the true interval; -1 for the true one. */
    volatile long helloIntervalMillis = -1;

    volatile Faults.ReadyGuilds readyGuilds = Faults.ReadyGuilds.ALL;
    volatile Faults.GuildStart guildStart = Faults.GuildStart.AS_IT_IS;

    /** Close codes that answer instead; 0 for none. */
    volatile int helloCloseCode;

    volatile int identifyCloseCode;

    volatile int resumeCloseCode;

    volatile boolean identifyRefused;
    volatile boolean resumeRefused;

    /** Sent before HELLO. */
    volatile List<byte[]> greeting = List.of();

    /** Sent instead of what would answer; empty for the answer. */
    volatile List<byte[]> identifyAnswer = List.of();

    volatile List<byte[]> resumeAnswer = List.of();

    /** Events that a RESUME gets although it has them. */
    volatile int replayedAgain;

    /** 0 for as fast as the network takes it. */
    volatile long bytesPerSecond;

    volatile long ackDelayMillis;
    volatile int splitBytes;
    volatile int fragmentBytes;
    volatile long restDelayMillis;
    volatile Optional<RestFault> restFault = Optional.empty();
}
