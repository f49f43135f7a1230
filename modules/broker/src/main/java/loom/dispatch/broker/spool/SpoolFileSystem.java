package loom.dispatch.broker.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The file operations of a spool. Tests replace them with operations that fail. */
public interface SpoolFileSystem {

    /** Returns the names of all files, in any order. */
    List<String> names() throws IOException;

    /**
     * Creates an empty file and replaces one of the same name. The name is durable after {@link
     * #sync}.
     */
    Output create(String name) throws IOException;

    /** Returns the bytes of a file from an offset to its end. */
    byte[] read(String name, long from) throws IOException;

    /** Deletes a file if it exists. The deletion is durable after {@link #sync}. */
    void delete(String name) throws IOException;

    /** Makes created and deleted names durable. */
    void sync() throws IOException;

    /** A file open for appending. One thread at a time uses it. */
    interface Output extends AutoCloseable {
        /** Appends all bytes. */
        void write(ByteBuffer bytes) throws IOException;

        /** Makes the appended bytes durable. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
