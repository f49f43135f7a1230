package loom.dispatch.gateway.machine;

import java.time.Duration;

/** The waits of a shard in a test: short pauses, and short deadlines for a test of those only. */
public final class TestTimeouts {
    /** As {@link ShardTimeouts#STANDARD}, the pauses some twenty times shorter. */
    public static final ShardTimeouts CALM =
            withDeadlines(
                    ShardTimeouts.STANDARD.connect(),
                    ShardTimeouts.STANDARD.hello(),
                    ShardTimeouts.STANDARD.ready());

    /** The same with little patience until HELLO, so that no late machine costs an IDENTIFY. */
    public static final ShardTimeouts HASTY =
            withDeadlines(
                    Duration.ofMillis(1_000),
                    Duration.ofMillis(600),
                    ShardTimeouts.STANDARD.ready());

    /** The same with little patience for READY and RESUMED. */
    public static final ShardTimeouts HASTY_FOR_READY =
            withDeadlines(
                    ShardTimeouts.STANDARD.connect(),
                    ShardTimeouts.STANDARD.hello(),
                    Duration.ofMillis(1_500));

    private TestTimeouts() {}

    /** As {@link #CALM}, and an attempt to connect keeps its place that long. */
    public static ShardTimeouts withPlace(Duration place) {
        return with(place, CALM.connect(), CALM.hello(), CALM.ready(), CALM.idle(), CALM.answer());
    }

    /**
     * As {@link #CALM}, and an idle connection is asked after so long and has so long to answer.
     */
    public static ShardTimeouts withProbe(Duration idle, Duration answer) {
        return with(CALM.place(), CALM.connect(), CALM.hello(), CALM.ready(), idle, answer);
    }

    private static ShardTimeouts withDeadlines(Duration connect, Duration hello, Duration ready) {
        ShardTimeouts standard = ShardTimeouts.STANDARD;
        return with(standard.place(), connect, hello, ready, standard.idle(), standard.answer());
    }

    private static ShardTimeouts with(
            Duration place,
            Duration connect,
            Duration hello,
            Duration ready,
            Duration idle,
            Duration answer) {
        return new ShardTimeouts(
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
                ShardTimeouts.STANDARD.watch());
    }
}
