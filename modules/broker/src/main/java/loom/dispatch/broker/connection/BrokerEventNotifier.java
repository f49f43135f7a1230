package loom.dispatch.broker.connection;

import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.runtime.EventLog;

/** Hands each broker event to the application's listener, which may fail without harm. */
public final class BrokerEventNotifier {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    private final BrokerEvent.Listener listener;

    public BrokerEventNotifier(BrokerEvent.Listener listener) {
        this.listener = listener;
    }

    /** Any thread. */
    public void announce(BrokerEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException fault) {
            LOG.write(
                    BrokerLogEvents.LISTENER_FAILED
                            .with(event.getClass().getSimpleName())
                            .causedBy(fault));
        }
    }
}
