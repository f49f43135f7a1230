package loom.dispatch.broker.spool;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Encodes and decodes one message as a record of a spool file.
 *
 * <pre>
 *   int length of the fields after the checksum, int CRC-32C of the length and these fields,
 *   long position, long timestamp, int shard, long sequence, byte replayed,
 *   four texts (routing key, message id, session, guild id: short length, UTF-8), body
 * </pre>
 */
final class SpoolRecord {
    static final int HEAD_BYTES = 8;
    private static final int FIXED_BYTES = 8 + 8 + 4 + 8 + 1 + 4 * 2;

    private SpoolRecord() {}

    static ByteBuffer encode(EventMessage message) {
        EventOrigin origin = message.origin();
        byte[] key = utf8(message.routingKey());
        byte[] id = utf8(message.messageId());
        byte[] session = utf8(origin.session());
        byte[] guild = utf8(origin.guildId());
        int texts = key.length + id.length + session.length + guild.length;
        int length = FIXED_BYTES + texts + message.body().length;
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + length);
        bytes.putInt(length).putInt(0);
        bytes.putLong(message.position()).putLong(message.timestampMillis());
        bytes.putInt(origin.shard()).putLong(origin.sequence());
        bytes.put((byte) (origin.replayed() ? 1 : 0));
        for (byte[] text : new byte[][] {key, id, session, guild}) {
            bytes.putShort((short) text.length).put(text);
        }
        bytes.put(message.body()).flip();
        return bytes.putInt(4, checksum(bytes, 0, length));
    }

    /** Returns the size of the record at an offset, or -1 if no record can be there. */
    static int sizeAt(ByteBuffer bytes, int at) {
        if (bytes.limit() - at < HEAD_BYTES + FIXED_BYTES) {
            return -1;
        }
        int length = bytes.getInt(at);
        return length >= FIXED_BYTES && length <= bytes.limit() - at - HEAD_BYTES
                ? HEAD_BYTES + length
                : -1;
    }

    /** Returns whether the checksum of a record is right. */
    static boolean isValid(ByteBuffer bytes, int at, int size) {
        return bytes.getInt(at + 4) == checksum(bytes, at, size - HEAD_BYTES);
    }

    /** Decodes a valid record. */
    static EventMessage decode(ByteBuffer bytes, int at, int size) {
        ByteBuffer record = bytes.slice(at + HEAD_BYTES, size - HEAD_BYTES);
        long position = record.getLong();
        long timestampMillis = record.getLong();
        int shard = record.getInt();
        long sequence = record.getLong();
        boolean replayed = record.get() != 0;
        String key = text(record);
        String id = text(record);
        String session = text(record);
        String guild = text(record);
        byte[] body = new byte[record.remaining()];
        record.get(body);
        EventOrigin origin = new EventOrigin(shard, sequence, session, guild, replayed);
        return new EventMessage(position, key, body, id, timestampMillis, origin);
    }

    private static int checksum(ByteBuffer bytes, int at, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.slice(at, 4));
        sum.update(bytes.slice(at + HEAD_BYTES, length));
        return (int) sum.getValue();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ByteBuffer record) {
        byte[] bytes = new byte[Short.toUnsignedInt(record.getShort())];
        record.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
