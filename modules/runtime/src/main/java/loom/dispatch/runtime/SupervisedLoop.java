package loom.dispatch.runtime;

/** The body of a long-lived thread. */
@FunctionalInterface
public interface SupervisedLoop {
    /**
     * Runs until the work is done or the thread is interrupted.
     *
     * <p>The loop reports each round to the pulse. A throwable that leaves this method is a failure
     * of the thread, except an {@link InterruptedException} after {@link SupervisedThread#stop}.
     *
     * @param pulse belongs to this thread
     */
    void run(ThreadPulse pulse) throws Exception;
}
