package loom.dispatch.servers.proxy;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One connection through a {@link FaultProxy}. Each direction has a reading thread and a writing
 * thread, with a queue between them that implements the delay.
 */
final class ProxiedConnection {
    private static final int CHUNK_BYTES = 16 * 1024;

    /** 64 chunks of 16 KiB: a stalled direction buffers 1 MiB, then the sender blocks. */
    private static final int QUEUED_CHUNKS = 64;

    private static final Chunk END = new Chunk(new byte[0], 0, 0);

    private final Socket client;
    private final Socket server;
    private final Consumer<ProxiedConnection> ended;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger openDirections = new AtomicInteger(2);
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /** Bytes to forward, and the earliest time to forward them. */
    private record Chunk(byte[] bytes, int length, long dueNanos) {}

    ProxiedConnection(Socket client, Socket server, Consumer<ProxiedConnection> ended) {
        this.client = client;
        this.server = server;
        this.ended = ended;
    }

    void start(ProxyFaults toServer, ProxyFaults toClient) {
        pump(client, server, toServer);
        pump(server, client, toClient);
    }

    /** Ends both sides with RST. */
    void reset() {
        close(true);
    }

    /** Ends both sides with FIN. */
    void finish() {
        close(false);
    }

    private void pump(Socket from, Socket to, ProxyFaults faults) {
        BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(QUEUED_CHUNKS);
        run("fault-proxy-read", () -> read(from, faults, queue));
        run("fault-proxy-write", () -> write(to, faults, queue));
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void run(String name, Step step) {
        Runnable guarded =
                () -> {
                    try {
                        step.run();
                    } catch (IOException | InterruptedException brokenConnection) {
                        reset();
                    }
                };
        Thread thread = Thread.ofVirtual().name(name).unstarted(guarded);
        threads.add(thread);
        thread.start();
    }

    private void read(Socket from, ProxyFaults faults, BlockingQueue<Chunk> queue)
            throws IOException, InterruptedException {
        var in = from.getInputStream();
        while (true) {
            byte[] bytes = new byte[CHUNK_BYTES];
            int length = in.read(bytes);
            if (length < 0) {
                queue.put(END);
                return;
            }
            queue.put(new Chunk(bytes, length, System.nanoTime() + faults.chunkDelayNanos()));
        }
    }

    private void write(Socket to, ProxyFaults faults, BlockingQueue<Chunk> queue)
            throws IOException, InterruptedException {
        var out = to.getOutputStream();
        for (Chunk chunk = queue.take(); chunk != END; chunk = queue.take()) {
            // the injected delay
            TimeUnit.NANOSECONDS.sleep(chunk.dueNanos() - System.nanoTime());
            faults.awaitFlow();
            int length = faults.passBeforeCut(chunk.length());
            out.write(chunk.bytes(), 0, length);
            if (length < chunk.length()) {
                reset();
                return;
            }
            TimeUnit.NANOSECONDS.sleep(faults.transferNanos(length));
        }
        to.shutdownOutput();
        if (openDirections.decrementAndGet() == 0) {
            finish();
        }
    }

    private void close(boolean abruptly) {
        if (closed.compareAndSet(false, true)) {
            closeAll(List.of(client, server), abruptly);
            threads.forEach(Thread::interrupt);
            ended.accept(this);
        }
    }

    /** Closes sockets with RST or with FIN. */
    static void closeAll(List<Socket> sockets, boolean abruptly) {
        for (Socket socket : sockets) {
            try (socket) {
                if (abruptly && !socket.isClosed()) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException alreadyGone) {
                continue;
            }
        }
    }
}
