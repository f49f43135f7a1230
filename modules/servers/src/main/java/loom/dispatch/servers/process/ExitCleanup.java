package loom.dispatch.servers.process;

/** Cleans up after a server whose owner did not: when the JVM ends, unless cancelled before. */
public final class ExitCleanup {
    private final Thread hook;

    public ExitCleanup(String name, Runnable cleanup) {
        hook = Thread.ofPlatform().name("exit-" + name).unstarted(cleanup);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The owner cleans up itself. */
    public void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook runs beside the owner, and cleaning up twice does no harm
            return;
        }
    }
}
