package loom.dispatch.app.process;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A value that is fetched on a virtual thread of its own while its owner does something else; the
 * owner alone asks for it, and closing it ends the fetching.
 */
public final class BackgroundFetch<T> implements AutoCloseable {
    private final FutureTask<T> task;

    private BackgroundFetch(FutureTask<T> task) {
        this.task = task;
    }

    /** Begins to fetch; {@code fetch} must be interruptible. */
    public static <T> BackgroundFetch<T> fetch(String name, Callable<T> fetch) {
        var task = new FutureTask<>(fetch);
        Thread.ofVirtual().name(name).start(task);
        return new BackgroundFetch<>(task);
    }

    /**
     * The value; blocks until it is there, interruptible.
     *
     * @throws Exception what the fetching failed with
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
