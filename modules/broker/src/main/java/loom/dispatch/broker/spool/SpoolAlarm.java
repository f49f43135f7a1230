package loom.dispatch.broker.spool;

import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.connection.BrokerEventNotifier;
import loom.dispatch.broker.connection.ConnectionFailure;

import java.util.concurrent.atomic.AtomicBoolean;

/** Says once that a spool fails, and once that it is well again. Any thread. */
final class SpoolAlarm {
    private final int shard;
    private final BrokerEventNotifier announcer;
    private final AtomicBoolean on = new AtomicBoolean();

    SpoolAlarm(int shard, BrokerEventNotifier announcer) {
        this.shard = shard;
        this.announcer = announcer;
    }

    void on(Exception failure) {
        if (on.compareAndSet(false, true)) {
            announcer.announce(
                    new BrokerEvent.SpoolFailed(shard, ConnectionFailure.reasonOf(failure)));
        }
    }

    void off() {
        if (on.compareAndSet(true, false)) {
            announcer.announce(new BrokerEvent.SpoolHealed(shard));
        }
    }

    boolean isOn() {
        return on.get();
    }
}
