package loom.dispatch.broker.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Tests that an alarm pauses channel users exactly as long as it blocks their open connection. */
class AlarmPauseTest {
    /** Without the lock the other thread ends the alarm within this time. */
    private static final Duration RACE = Duration.ofMillis(100);

    private final AlarmPause alarm = new AlarmPause();
    private final PausableUser user = new PausableUser();

    AlarmPauseTest() {
        alarm.add(user);
    }

    @Test
    void pausesUsersFromBeginToEndOfAlarm() {
        alarm.follow(1);
        alarm.report(1, true);
        assertTrue(user.paused && alarm.isBlocked());
        alarm.report(1, false);
        assertFalse(user.paused || alarm.isBlocked());
    }

    @Test
    void endOfConnectionEndsPause() {
        alarm.follow(1);
        alarm.report(1, true);
        alarm.end();
        assertFalse(user.paused || alarm.isBlocked());
    }

    @Test
    void lateReportOfEndedConnectionPausesNothing() {
        alarm.follow(1);
        alarm.end();
        alarm.report(1, true);
        assertFalse(user.paused || alarm.isBlocked());
        alarm.follow(2);
        alarm.report(1, true);
        assertFalse(user.paused || alarm.isBlocked());
    }

    @Test
    void nextConnectionBeginsWithoutPause() {
        alarm.follow(1);
        alarm.report(1, true);
        alarm.follow(2);
        assertFalse(user.paused || alarm.isBlocked());
    }

    @Test
    void userAddedDuringAlarmIsPaused() {
        alarm.follow(1);
        alarm.report(1, true);
        var added = new PausableUser();
        alarm.add(added);
        assertTrue(added.paused);
    }

    /** The alarm ends on another thread after the user learned of it and before it obeys. */
    @Test
    void userAddedWhileAlarmEndsIsNotLeftPaused() throws Exception {
        alarm.follow(1);
        alarm.report(1, true);
        Thread ending = Thread.ofVirtual().unstarted(() -> alarm.report(1, false));
        var added =
                new PausableUser() {
                    @Override
                    public void pause(boolean wanted) {
                        if (wanted) {
                            ending.start();
                            awaitUpTo(RACE, ending);
                        }
                        super.pause(wanted);
                    }
                };
        alarm.add(added);
        ending.join();
        assertFalse(added.paused || alarm.isBlocked());
    }

    private static void awaitUpTo(Duration most, Thread thread) {
        try {
            thread.join(most);
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static class PausableUser implements ChannelUser {
        volatile boolean paused;

        @Override
        public void pause(boolean wanted) {
            paused = wanted;
        }

        @Override
        public String name() {
            return "user";
        }

        @Override
        public int attach(Connection connection) {
            return 0;
        }

        @Override
        public void detach() {}

        @Override
        public boolean attached() {
            return true;
        }

        @Override
        public boolean progressed() {
            return true;
        }

        @Override
        public void close() {}
    }
}
