package loom.dispatch.image.support;

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
import java.util.ArrayList;
import java.util.List;

/**
 * Receives sd_notify messages as systemd does: on a bound datagram socket of the Unix domain. Used
 * by one thread.
 */
public final class SystemdNotifyListener implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int LONGEST_MESSAGE = 4096;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(LONGEST_MESSAGE);
    private final int descriptor;
    private final List<String> heard = new ArrayList<>();

    /** Binds to a path, or to an abstract name after {@code @}. */
    public SystemdNotifyListener(String name) throws Throwable {
        MethodHandle socket =
                function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        MethodHandle bind =
                function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        descriptor = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path[0] == '@') {
            path[0] = 0;
        }
        MemorySegment address = arena.allocate(Short.BYTES + path.length, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, JAVA_BYTE, Short.BYTES, path.length);
        int bound = (int) bind.invokeExact(descriptor, address, (int) address.byteSize());
        if (bound != 0) {
            throw new AssertionError("no datagrams can be received at " + name);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /** Returns all messages until now, each with its lines. */
    public List<String> heard() {
        MethodHandle receive =
                function(
                        "recv",
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        try {
            while (true) {
                long size =
                        (long)
                                receive.invokeExact(
                                        descriptor, buffer, (long) LONGEST_MESSAGE, MSG_DONTWAIT);
                if (size < 0) {
                    return List.copyOf(heard);
                }
                byte[] bytes = buffer.asSlice(0, size).toArray(JAVA_BYTE);
                heard.add(new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns how many messages have this line. */
    public long count(String line) {
        return heard().stream().filter(message -> message.lines().anyMatch(line::equals)).count();
    }

    /** Returns the latest message, or an empty text. */
    public String latest() {
        List<String> all = heard();
        return all.isEmpty() ? "" : all.getLast();
    }

    @Override
    public void close() {
        MethodHandle close = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try (arena) {
            int ignored = (int) close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
