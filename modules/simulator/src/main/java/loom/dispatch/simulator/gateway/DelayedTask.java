package loom.dispatch.simulator.gateway;

/** Runs a task after a delay on its own virtual thread. */
final class DelayedTask {
    private DelayedTask() {}

    static void run(long delayMillis, Runnable action) {
        Thread.ofVirtual()
                .name("simulator-delayed")
                .start(() -> {
                    try {
                        Thread.sleep(delayMillis);
                        action.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
