package loom.dispatch.simulator.gateway;

/** Runs something after a while on a virtual thread of its own. */
final class DelayedTask {
    private DelayedTask() {}

    static void run(long delayMillis, Runnable action) {
        Thread.ofVirtual()
                .name("simulator-later")
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
