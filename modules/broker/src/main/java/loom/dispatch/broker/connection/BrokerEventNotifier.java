package loom.dispatch.broker.connection;

import loom.dispatch.broker.BrokerEvent;

import java.lang.System.Logger.Level;

/** Hands each broker event to the application's listener, which may fail without harm. */
public final class BrokerEventNotifier {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.broker");

    private final BrokerEvent.Listener listener;

    public BrokerEventNotifier(BrokerEvent.Listener listener) {
        this.listener = listener;
    }

    /** Any thread. */
    public void announce(BrokerEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "rabbit.listener_failed event=" + event, fault);
        }
    }
}
