package loom.dispatch.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A minimal AMQP 0-9-1 broker that accepts every method, stores nothing and confirms at once.
 * RabbitMQ needs most of a small machine; with this broker the benchmark measures the image alone.
 *
 * <p>Source: the AMQP 0-9-1 specification, and RabbitMQ's {@code confirm} class.
 */
final class SinkBroker implements Closeable {
    private static final int METHOD = 1;
    private static final int HEADER = 2;
    private static final int BODY = 3;
    private static final int FRAME_END = 0xCE;
    private static final int FRAME_BYTES = 128 * 1024;

    private static final int PUBLISH = method(60, 40);
    private static final int ACK = method(60, 80);

    private static final byte[] SHARD = header("shard", 'I');
    private static final byte[] SEQUENCE = header("seq", 'l');

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ConsumedEvents arrivals;

    SinkBroker(ConsumedEvents arrivals) throws IOException {
        this.arrivals = arrivals;
        Thread.ofPlatform().daemon().name("sink").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().name("sink").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The run is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new Client(socket).serve();
        } catch (IOException gone) {
            // The image closed the connection.
        }
    }

    private static int method(int clazz, int method) {
        return clazz << 16 | method;
    }

    private static byte[] header(String name, char type) {
        return ((char) name.length() + name + type).getBytes(StandardCharsets.US_ASCII);
    }

    /** One connection, owned by its thread. */
    private final class Client {
        private final DataInputStream in;
        private final DataOutputStream out;
        private final Map<Integer, Publishing> channels = new HashMap<>();
        private byte[] frame = new byte[FRAME_BYTES];

        /**
         * The publisher state of a channel: messages received, messages confirmed, bytes missing of
         * the current one.
         */
        private static final class Publishing {
            long tag;
            long confirmed;
            long bodyBytes;
        }

        Client(Socket socket) throws IOException {
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        void serve() throws IOException {
            in.skipNBytes("AMQP0091".length());
            // Version, no properties, mechanisms, locales.
            answer(
                    0,
                    method(10, 10),
                    fields -> {
                        fields.writeShort(9);
                        fields.writeInt(0);
                        longString(fields, "PLAIN AMQPLAIN");
                        longString(fields, "en_US");
                    });
            while (true) {
                if (in.available() == 0) {
                    confirmAll();
                    out.flush();
                }
                int type = in.readUnsignedByte();
                int channel = in.readUnsignedShort();
                int length = in.readInt();
                frame = length > frame.length ? new byte[length] : frame;
                in.readFully(frame, 0, length);
                if (in.readUnsignedByte() != FRAME_END) {
                    throw new IOException("no frame");
                }
                take(type, channel, length);
            }
        }

        private void take(int type, int channel, int length) throws IOException {
            ByteBuffer content = ByteBuffer.wrap(frame, 0, length);
            switch (type) {
                case METHOD -> {
                    int method = content.getInt();
                    if (method == PUBLISH) {
                        channels.computeIfAbsent(channel, _ -> new Publishing()).tag++;
                    } else {
                        asked(channel, method, content);
                    }
                }
                case HEADER -> {
                    channels.get(channel).bodyBytes = content.getLong(4);
                    arrivals.count(
                            content.getInt(find(SHARD, length)),
                            (int) content.getLong(find(SEQUENCE, length)),
                            System.nanoTime());
                }
                case BODY -> channels.get(channel).bodyBytes -= length;
                default -> {}
            }
        }

        /** Returns the offset of the header's value. */
        private int find(byte[] name, int length) throws IOException {
            for (int at = 0; at + name.length <= length; at++) {
                int same = 0;
                while (same < name.length && frame[at + same] == name[same]) {
                    same++;
                }
                if (same == name.length) {
                    return at + same;
                }
            }
            throw new IOException("a message without shard and seq");
        }

        private void confirmAll() throws IOException {
            for (var entry : channels.entrySet()) {
                Publishing channel = entry.getValue();
                long whole = channel.bodyBytes > 0 ? channel.tag - 1 : channel.tag;
                if (whole > channel.confirmed) {
                    channel.confirmed = whole;
                    answer(
                            entry.getKey(),
                            ACK,
                            fields -> {
                                fields.writeLong(whole);
                                fields.writeByte(1);
                            });
                }
            }
        }

        private void asked(int channel, int method, ByteBuffer fields) throws IOException {
            switch (method >> 16 << 8 | method & 0xFF) {
                // connection: start-ok, tune-ok, open, close, close-ok
                case 10 << 8 | 11 ->
                        answer(
                                0,
                                method(10, 30),
                                tune -> {
                                    tune.writeShort(2047);
                                    tune.writeInt(FRAME_BYTES);
                                    tune.writeShort(0);
                                });
                case 10 << 8 | 31, 10 << 8 | 51, 20 << 8 | 41 -> {}
                case 10 << 8 | 40 -> answer(0, method(10, 41), open -> open.writeByte(0));
                // channel.open, queue.declare, basic.consume
                case 20 << 8 | 10 -> answer(channel, method + 1, open -> open.writeInt(0));
                case 50 << 8 | 10 -> {
                    String name = shortString(fields.position(fields.position() + 2));
                    answer(
                            channel,
                            method + 1,
                            declared -> {
                                declared.writeByte(name.length());
                                declared.writeBytes(name);
                                declared.writeLong(0);
                            });
                }
                case 60 << 8 | 20 ->
                        answer(
                                channel,
                                method + 1,
                                consuming -> {
                                    consuming.writeByte(1);
                                    consuming.writeBytes("1");
                                });
                // Method n + 1 answers method n.
                default -> answer(channel, method + 1, _ -> {});
            }
        }

        private static String shortString(ByteBuffer fields) {
            byte[] text = new byte[fields.get()];
            fields.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }

        private static void longString(DataOutputStream fields, String text) throws IOException {
            fields.writeInt(text.length());
            fields.writeBytes(text);
        }

        /** Writes a method's fields. */
        private interface Fields {
            void write(DataOutputStream fields) throws IOException;
        }

        private void answer(int channel, int method, Fields fields) throws IOException {
            var bytes = new ByteArrayOutputStream();
            var content = new DataOutputStream(bytes);
            content.writeInt(method);
            fields.write(content);
            out.writeByte(METHOD);
            out.writeShort(channel);
            out.writeInt(bytes.size());
            bytes.writeTo(out);
            out.writeByte(FRAME_END);
        }
    }
}
