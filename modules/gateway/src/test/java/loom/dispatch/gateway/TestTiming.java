package loom.dispatch.gateway;

import java.time.Duration;

/** The waits of a shard in a test: short pauses, and short deadlines for a test of those only. */
final class TestTiming {
    /** As {@link Timing#STANDARD}, the pauses some twenty times shorter. */
    static final Timing CALM =
            withDeadlines(
                    Timing.STANDARD.connect(), Timing.STANDARD.hello(), Timing.STANDARD.ready());

    /** The same with little patience until HELLO, so that no late machine costs an IDENTIFY. */
    static final Timing HASTY =
            withDeadlines(
                    Duration.ofMillis(1_000), Duration.ofMillis(600), Timing.STANDARD.ready());

    /** The same with little patience for READY and RESUMED. */
    static final Timing HASTY_FOR_READY =
            withDeadlines(
                    Timing.STANDARD.connect(), Timing.STANDARD.hello(), Duration.ofMillis(1_500));

    private TestTiming() {}

    /** As {@link #CALM}, and an attempt to connect keeps its place that long. */
    static Timing withPlace(Duration place) {
        return with(place, CALM.connect(), CALM.hello(), CALM.ready(), CALM.idle(), CALM.answer());
    }

    /**
     * As {@link #CALM}, and an idle connection is asked after so long and has so long to answer.
     */
    static Timing withProbe(Duration idle, Duration answer) {
        return with(CALM.place(), CALM.connect(), CALM.hello(), CALM.ready(), idle, answer);
    }

    private static Timing withDeadlines(Duration connect, Duration hello, Duration ready) {
        Timing standard = Timing.STANDARD;
        return with(standard.place(), connect, hello, ready, standard.idle(), standard.answer());
    }

    private static Timing with(
            Duration place,
            Duration connect,
            Duration hello,
            Duration ready,
            Duration idle,
            Duration answer) {
        return new Timing(
                place,
                connect,
                hello,
                ready,
                Duration.ofMillis(40),
                Duration.ofMillis(80),
                Duration.ofMillis(15),
                Duration.ofMillis(40),
                Duration.ofMillis(400),
                idle,
                answer,
                Timing.STANDARD.watch());
    }
}
