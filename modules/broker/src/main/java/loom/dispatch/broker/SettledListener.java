package loom.dispatch.broker;

/** Hears how far a lane's events are safe. */
@FunctionalInterface
public interface SettledListener {

    /**
     * Every message of the lane up to and including {@code position} is confirmed by RabbitMQ, and
     * every skipped position up to it has been passed.
     *
     * <p>Called with strictly growing positions, never by two threads at once: by the thread that
     * reads the lane's connection, or by the dispatch thread when nothing was in flight. It must
     * not block and must not throw; intermediate positions may be left out.
     */
    void settled(long position);
}
