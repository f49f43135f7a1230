package loom.dispatch.broker;

import java.lang.System.Logger.Level;

/** Hands each broker event to the application's listener, which may fail without harm. */
final class Announcer {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.broker");

    private final BrokerListener listener;

    Announcer(BrokerListener listener) {
        this.listener = listener;
    }

    /** Any thread. */
    void announce(BrokerEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "rabbit.listener_failed event=" + event, fault);
        }
    }
}
