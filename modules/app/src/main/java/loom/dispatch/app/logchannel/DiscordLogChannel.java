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
 * Posts messages to one Discord channel, on a thread of its own. {@link #add} never waits: entries
 * are collected in a bounded {@link LogChannelDigest}, which becomes one message.
 *
 * <ul>
 *   <li>In a quiet channel an entry is posted after a second.
 *   <li>While more entries arrive, the pause before each message doubles, up to a minute. Ten
 *       minutes of reconnects are 15 messages.
 *   <li>If Discord is unavailable or limits the rate, the message is sent again with the same
 *       nonce.
 *   <li>If Discord refuses the message, it is dropped, and the channel pauses for ten minutes.
 * </ul>
 */
public final class DiscordLogChannel implements AutoCloseable {
    private static final EventLog LOG = new EventLog("loom.dispatch.log_channel");

    /** The longest wait of a drain for the last message. */
    private static final Duration LAST_POST = Duration.ofSeconds(2);

    private final MessagePoster poster;
    private final Pace pace;
    private final SupervisedThread thread;

    /** Guarded by this object; the lock is held only to add or take entries. */
    private LogChannelDigest digest = new LogChannelDigest();

    /** The message that is being sent. Owned by the thread. */
    private Optional<String> unsent = Optional.empty();

    /** Whether Discord accepted the last message. Owned by the thread. */
    private boolean open = true;

    /** Sends a message to the channel, once. */
    @FunctionalInterface
    interface MessagePoster {
        /**
         * Sends the message. Blocks.
         *
         * @return the wait before the next message
         */
        Answer<Duration> post(String message) throws InterruptedException;
    }

    /**
     * The pauses between messages.
     *
     * @param first the pause between an entry and its message in a quiet channel
     * @param most the longest pause between two messages
     * @param refused the pause after a refusal
     */
    public record Pace(Duration first, Duration most, Duration refused) {
        public static final Pace STANDARD =
                new Pace(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(10));
    }

    private DiscordLogChannel(MessagePoster poster, Pace pace, SupervisedThreads threads) {
        this.poster = poster;
        this.pace = pace;
        thread = threads.start("log-channel", this::run);
    }

    static DiscordLogChannel open(MessagePoster poster, Pace pace, SupervisedThreads threads) {
        return new DiscordLogChannel(poster, pace, threads);
    }

    /** Adds an entry. Any thread; never blocks. */
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
     * @return the wait before the next message
     */
    private Duration deliver(String message) throws InterruptedException {
        var retry = new StartRetry();
        while (true) {
            switch (poster.post(message)) {
                case Answer.Given<Duration>(var rest) -> {
                    finish(true);
                    return rest;
                }
                case Answer.Refused<Duration>(var reason) -> {
                    finish(false);
                    LOG.write(AppLogEvents.LOG_CHANNEL_REFUSED, reason, pace.refused().toSeconds());
                    return pace.refused();
                }
                case Answer.Unavailable<Duration>(var reason, var retryAfter) -> {
                    open = false;
                    Duration next = retry.next(retryAfter);
                    LOG.write(AppLogEvents.LOG_CHANNEL_DELAYED, reason, next);
                    Thread.sleep(next);
                }
            }
        }
    }

    private void finish(boolean accepted) {
        unsent = Optional.empty();
        open = accepted;
    }

    /** Posts the remaining entries once, if Discord accepted the last message. */
    private void postRemaining() {
        try {
            if (open && unsent.isPresent()) {
                poster.post(unsent.get());
            }
            if (open && hasEntries()) {
                poster.post(take());
            }
        } catch (InterruptedException _) {
            // the process does not wait longer
        }
    }

    /** Waits for an entry. Returns whether it had to wait. */
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

    /** Posts the remaining entries, for at most two seconds. */
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
