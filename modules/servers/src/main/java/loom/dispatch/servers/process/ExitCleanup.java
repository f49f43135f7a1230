package loom.dispatch.servers.process;

/** A shutdown hook that removes a server whose owner did not close it. */
public final class ExitCleanup {
    private final Thread hook;

    public ExitCleanup(String name, Runnable cleanup) {
        hook = Thread.ofPlatform().name("exit-" + name).unstarted(cleanup);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Removes the hook, because the owner cleans up. */
    public void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is exiting: the hook runs too, and a second cleanup does no harm
            return;
        }
    }
}
