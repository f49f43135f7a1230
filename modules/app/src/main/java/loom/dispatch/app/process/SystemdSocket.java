package loom.dispatch.app.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A Unix datagram socket to the address in {@code NOTIFY_SOCKET}. Java has no such sockets, so this
 * class calls libc. Linux only. Safe for use by any thread; never blocks.
 */
final class SystemdSocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;

    /** The size of struct sockaddr_un: a short for the family, and 108 bytes of path. */
    private static final int PATH_OFFSET = 2;

    private static final int PATH_MOST = 107;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment address;
    private final MethodHandle sendto;
    private final MethodHandle close;
    private final int descriptor;

    /**
     * Opens the socket.
     *
     * @param name a path, or {@code @} and the name of an abstract socket
     * @throws IllegalArgumentException if the name is neither
     * @throws IllegalStateException if the system cannot create a socket
     */
    SystemdSocket(String name) {
        address = address(arena, name);
        Linker linker = Linker.nativeLinker();
        MethodHandle socket =
                function(
                        linker,
                        "socket",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        sendto =
                function(
                        linker,
                        "sendto",
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS,
                                JAVA_INT));
        close = function(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        descriptor = open(socket);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(Linker linker, String name, FunctionDescriptor type) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    private static MemorySegment address(Arena arena, String name) {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith("@");
        if (!isAbstract && !name.startsWith("/") || path.length > PATH_MOST) {
            throw new IllegalArgumentException("neither a path nor an abstract name: " + name);
        }
        if (isAbstract) {
            path[0] = 0;
        }
        MemorySegment address = arena.allocate(PATH_OFFSET + path.length, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH_OFFSET, path.length);
        return address;
    }

    private static int open(MethodHandle socket) {
        try {
            int opened = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            if (opened < 0) {
                throw new IllegalStateException("no socket of the Unix domain");
            }
            return opened;
        } catch (Throwable failure) {
            throw unchecked(failure);
        }
    }

    /** Sends one datagram. Returns false if no process received it. */
    boolean send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena own = Arena.ofConfined()) {
            long sent =
                    (long)
                            sendto.invokeExact(
                                    descriptor,
                                    own.allocateFrom(JAVA_BYTE, bytes),
                                    (long) bytes.length,
                                    MSG_DONTWAIT_NOSIGNAL,
                                    address,
                                    (int) address.byteSize());
            return sent == bytes.length;
        } catch (Throwable failure) {
            throw unchecked(failure);
        }
    }

    @Override
    public void close() {
        try {
            int ignored = (int) close.invokeExact(descriptor);
        } catch (Throwable failure) {
            throw unchecked(failure);
        } finally {
            arena.close();
        }
    }

    /** Handles the Throwable that a method handle declares. A libc function throws nothing. */
    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure);
    }
}
