package loom.dispatch.gateway.machine;

import java.time.Duration;

/** Timeouts for tests: short pauses, and short deadlines only for tests of deadlines. */
public final class TestTimeouts {
    /** As {@link ShardTimeouts#STANDARD}, with pauses about twenty times shorter. */
    public static final ShardTimeouts CALM =
            withDeadlines(
                    ShardTimeouts.STANDARD.connect(),
                    ShardTimeouts.STANDARD.hello(),
                    ShardTimeouts.STANDARD.ready());

    /** The same with short deadlines until HELLO, so that a slow machine costs no IDENTIFY. */
    public static final ShardTimeouts HASTY =
            withDeadlines(
                    Duration.ofMillis(1_000),
                    Duration.ofMillis(600),
                    ShardTimeouts.STANDARD.ready());

    /** The same with short deadlines for READY and RESUMED. */
    public static final ShardTimeouts HASTY_FOR_READY =
            withDeadlines(
                    ShardTimeouts.STANDARD.connect(),
                    ShardTimeouts.STANDARD.hello(),
                    Duration.ofMillis(1_500));

    private TestTimeouts() {}

    /** As {@link #CALM}, with this lapse of a connection attempt's place. */
    public static ShardTimeouts withPlace(Duration place) {
        return with(place, CALM.connect(), CALM.hello(), CALM.ready(), CALM.idle(), CALM.answer());
    }

    /** As {@link #CALM}, with these waits of the idle connection check. */
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
