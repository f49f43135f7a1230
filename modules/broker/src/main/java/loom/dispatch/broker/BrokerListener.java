package loom.dispatch.broker;

/** Hears of connections and lanes that come and go; the broker itself does not log them. */
@FunctionalInterface
public interface BrokerListener {

    /**
     * Called by the supervisor thread of a connection or by its reading thread; must not block and
     * must not throw.
     */
    void on(BrokerEvent event);
}
