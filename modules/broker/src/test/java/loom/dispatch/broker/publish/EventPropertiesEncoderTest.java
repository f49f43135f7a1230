package loom.dispatch.broker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.Frame;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Decodes the encoded properties with RabbitMQ's client. */
class EventPropertiesEncoderTest {
    private static final long BODY_BYTES = 3L << 32;
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "30f32c5d54ae86130fc4a215c7474263",
                    "MESSAGE_CREATE",
                    "ü€𝄞",
                    "x".repeat(85));

    @Test
    void clientDecodesEveryEncodedProperty() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 1_000; i++) {
            EventMessage message = message(random);
            String copyTo = random.nextBoolean() ? "" : "guild." + random.nextInt(1, 64);
            DataInputStream wanted = content(byTheClient(message, copyTo));
            DataInputStream ours = content(new EventPropertiesEncoder(message, 2, copyTo));
            assertEquals(wanted.readShort(), ours.readShort(), "class");
            AMQP.BasicProperties read = new AMQP.BasicProperties(ours);
            assertEquals(new AMQP.BasicProperties(wanted), read, message::toString);
            assertEquals(BODY_BYTES, read.getBodySize());
            assertEquals(-1, ours.read(), "nothing is left over");
        }
    }

    private static EventMessage message(RandomGenerator random) {
        String guild = random.nextBoolean() ? "" : Long.toUnsignedString(random.nextLong());
        var origin =
                new EventOrigin(
                        random.nextInt(0, Integer.MAX_VALUE),
                        random.nextLong(),
                        text(random),
                        guild,
                        random.nextBoolean());
        return new EventMessage(
                1, text(random), new byte[0], text(random), random.nextLong(1L << 45), origin);
    }

    private static String text(RandomGenerator random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static AMQP.BasicProperties byTheClient(EventMessage message, String copyTo) {
        EventOrigin origin = message.origin();
        Map<String, Object> headers = new HashMap<>();
        headers.put("shard", origin.shard());
        headers.put("seq", origin.sequence());
        headers.put("session", origin.session());
        headers.put("timestamp_in_ms", message.timestampMillis());
        if (!origin.guildId().isEmpty()) {
            headers.put("guild_id", origin.guildId());
        }
        if (origin.replayed()) {
            headers.put("replayed", true);
        }
        if (!copyTo.isEmpty()) {
            headers.put("CC", List.of(copyTo));
        }
        return new AMQP.BasicProperties.Builder()
                .deliveryMode(2)
                .messageId(message.messageId())
                .type(message.routingKey())
                .timestamp(new Date(message.timestampMillis()))
                .headers(headers)
                .build();
    }

    /** Returns the payload of the frame, without its header of 7 bytes and its end byte. */
    private static DataInputStream content(AMQP.BasicProperties properties) throws IOException {
        Frame frame = properties.toFrame(7, BODY_BYTES);
        assertEquals(AMQP.FRAME_HEADER, frame.getType());
        assertEquals(7, frame.getChannel());
        var written = new ByteArrayOutputStream();
        frame.writeTo(new DataOutputStream(written));
        assertEquals(frame.size(), written.size());
        byte[] bytes = written.toByteArray();
        return new DataInputStream(new ByteArrayInputStream(bytes, 7, bytes.length - 8));
    }
}
