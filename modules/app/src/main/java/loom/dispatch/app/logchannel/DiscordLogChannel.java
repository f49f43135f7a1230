package loom.dispatch.app.logchannel;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.process.StartRetry;
import loom.dispatch.gateway.DiscordApi.Answer;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Posts what happens to one channel at Discord, from a thread of its own. Who adds never waits:
 * entries gather in a bounded {@link LogChannelDigest} and go out as one message.
 *
 * <p>An entry in a quiet channel is posted after a second. While more keep coming, the pause before
 * each message doubles up to a minute, so a storm of ten minutes is 15 messages. A message that
 * Discord cannot take now is sent again when it may be, under the same nonce; one that it refuses
 * is dropped, and for ten minutes the channel is left alone.
 */
public final class DiscordLogChannel implements AutoCloseable {
    private static final EventLog LOG = new EventLog("loom.dispatch.log_channel");

    /** What a drain waits for the last message. */
    private static final Duration LAST_POST = Duration.ofSeconds(2);

    private final Posting posting;
    private final Pace pace;
    private final SupervisedThread thread;

    /** Guarded by this, held only to add or to take. */
    private LogChannelDigest digest = new LogChannelDigest();

    /** On its way, or waiting for Discord; the thread's own. */
    private Optional<String> unsent = Optional.empty();

    /** Whether Discord takes messages, as far as is known; the thread's own. */
    private boolean open = true;

    /** Sends a message to the channel, once. */
    @FunctionalInterface
    interface Posting {
        /**
         * Blocks.
         *
         * @return how long to wait before the next one
         */
        Answer<Duration> post(String message) throws InterruptedException;
    }

    /**
     * How fast messages follow each other.
     *
     * @param first from an entry to its message in a quiet channel
     * @param most between two messages in a busy one
     * @param refused after a refusal
     */
    public record Pace(Duration first, Duration most, Duration refused) {
        public static final Pace STANDARD =
                new Pace(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(10));
    }

    private DiscordLogChannel(Posting posting, Pace pace, SupervisedThreads threads) {
        this.posting = posting;
        this.pace = pace;
        thread = threads.start("log-channel", this::run);
    }

    static DiscordLogChannel open(Posting posting, Pace pace, SupervisedThreads threads) {
        return new DiscordLogChannel(posting, pace, threads);
    }

    /** Any thread's; never blocks. */
    synchronized void add(LogChannelEntry entry) {
        digest.add(entry);
        notifyAll();
    }

    private void run(ThreadPulse pulse) {
        try {
            post(pulse);
        } catch (InterruptedException _) {
            postRemaining();
        }
    }

    private void post(ThreadPulse pulse) throws InterruptedException {
        Duration pause = pace.first();
        while (true) {
            // the channel may be quiet, or Discord unavailable
            pulse.waiting();
            boolean quiet = awaitEntries();
            pause = quiet ? pace.first() : shorter(pause.multipliedBy(2), pace.most());
            Thread.sleep(pause);
            unsent = Optional.of(take());
            Thread.sleep(deliver(unsent.get()));
        }
    }

    /**
     * Sends a message until it is posted or refused.
     *
     * @return how long to leave the channel alone
     */
    private Duration deliver(String message) throws InterruptedException {
        var patience = new StartRetry();
        while (true) {
            switch (posting.post(message)) {
                case Answer.Given<Duration>(var rest) -> {
                    settle(true);
                    return rest;
                }
                case Answer.Refused<Duration>(var reason) -> {
                    settle(false);
                    LOG.write(AppLogEvents.LOG_CHANNEL_REFUSED, reason, pace.refused().toSeconds());
                    return pace.refused();
                }
                case Answer.Unavailable<Duration>(var reason, var retryAfter) -> {
                    open = false;
                    Duration next = patience.next(retryAfter);
                    LOG.write(AppLogEvents.LOG_CHANNEL_DELAYED, reason, next);
                    Thread.sleep(next);
                }
            }
        }
    }

    private void settle(boolean taken) {
        unsent = Optional.empty();
        open = taken;
    }

    /** What is left at the end is posted once, if Discord takes messages at all. */
    private void postRemaining() {
        try {
            if (open && unsent.isPresent()) {
                posting.post(unsent.get());
            }
            if (open && hasEntries()) {
                posting.post(take());
            }
        } catch (InterruptedException _) {
            // the process does not wait longer
        }
    }

    /** Whether it had to wait for one. */
    private synchronized boolean awaitEntries() throws InterruptedException {
        boolean quiet = digest.isEmpty();
        while (digest.isEmpty()) {
            wait();
        }
        return quiet;
    }

    private synchronized boolean hasEntries() {
        return !digest.isEmpty();
    }

    private synchronized String take() {
        LogChannelDigest full = digest;
        digest = new LogChannelDigest();
        return full.message(Long.toUnsignedString(ThreadLocalRandom.current().nextLong()));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Posts what is left, for two seconds at most. */
    @Override
    public void close() {
        thread.stop();
        try {
            if (!thread.join(LAST_POST)) {
                thread.stop();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
