package loom.dispatch.app.process;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Fetches a value on a virtual thread while its owner does something else. Only the owner reads the
 * value. Closing it interrupts the fetch.
 */
public final class BackgroundFetch<T> implements AutoCloseable {
    private final FutureTask<T> task;

    private BackgroundFetch(FutureTask<T> task) {
        this.task = task;
    }

    /** Starts the fetch, which must be interruptible. */
    public static <T> BackgroundFetch<T> fetch(String name, Callable<T> fetch) {
        var task = new FutureTask<>(fetch);
        Thread.ofVirtual().name(name).start(task);
        return new BackgroundFetch<>(task);
    }

    /**
     * Returns the value. Blocks until it is available; interruptible.
     *
     * @throws Exception the failure of the fetch
     */
    public T get() throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    @Override
    public void close() {
        task.cancel(true);
    }
}
