package loom.dispatch.broker.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** What a spool asks of a file system: so little that a test can let every step of it fail. */
public interface SpoolFileSystem {

    /** The names of all files, in no order. */
    List<String> names() throws IOException;

    /** Makes an empty file, over one that may be there; the name is durable after {@link #sync}. */
    Output create(String name) throws IOException;

    /** The bytes of a file from an offset to its end. */
    byte[] read(String name, long from) throws IOException;

    /** Removes a file, if it is there; durable after {@link #sync}. */
    void delete(String name) throws IOException;

    /** Makes what was done to names durable. */
    void sync() throws IOException;

    /** An open file that only grows. Used by one thread at a time. */
    interface Output extends AutoCloseable {
        /** Appends all of it. */
        void write(ByteBuffer bytes) throws IOException;

        /** Makes what was appended durable. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
