package loom.dispatch.broker.spool;

import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.connection.BrokerEventNotifier;
import loom.dispatch.broker.connection.ConnectionFailure;

import java.util.concurrent.atomic.AtomicBoolean;

/** Reports once that a spool fails, and once that it works again. Any thread may use it. */
final class SpoolAlarm {
    private final int shard;
    private final BrokerEventNotifier notifier;
    private final AtomicBoolean on = new AtomicBoolean();

    SpoolAlarm(int shard, BrokerEventNotifier notifier) {
        this.shard = shard;
        this.notifier = notifier;
    }

    void on(Exception failure) {
        if (on.compareAndSet(false, true)) {
            notifier.announce(
                    new BrokerEvent.SpoolFailed(shard, ConnectionFailure.reasonOf(failure)));
        }
    }

    void off() {
        if (on.compareAndSet(true, false)) {
            notifier.announce(new BrokerEvent.SpoolHealed(shard));
        }
    }

    boolean isOn() {
        return on.get();
    }
}
