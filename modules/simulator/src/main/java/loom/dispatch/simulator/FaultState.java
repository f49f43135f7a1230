package loom.dispatch.simulator;

import java.util.List;
import java.util.Optional;

/** The switches that {@link Faults} turns and everybody reads; each is independent of the rest. */
final class FaultState {
    /** An answer to give instead of the right one. */
    record RestFault(int status, String pathPart) {}

    volatile boolean acksStopped;
    volatile boolean connectionsRefused;
    volatile boolean resumeUrlRefused;
    volatile boolean resumeUrlHangs;
    volatile boolean helloWithheld;
    volatile boolean readyWithheld;

    /** Close codes that answer instead; 0 for none. */
    volatile int identifyCloseCode;

    volatile int resumeCloseCode;

    volatile boolean identifyRefused;
    volatile boolean resumeRefused;

    /** Sent before HELLO. */
    volatile List<byte[]> greeting = List.of();

    volatile long ackDelayMillis;
    volatile int splitBytes;
    volatile int fragmentBytes;
    volatile long restDelayMillis;
    volatile Optional<RestFault> restFault = Optional.empty();
}
