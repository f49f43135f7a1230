import com.rabbitmq.client.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A worker: prints each event once, in order, and asks for a reconnect when told to.
 *
 * <p>RABBIT_URI=amqp://guest:guest@127.0.0.1:5672/%2f java -cp amqp-client.jar:slf4j-api.jar
 * Worker.java
 */
final class Worker {
    public static void main(String[] arguments) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(System.getenv("RABBIT_URI"));
        var channel = factory.newConnection().createChannel();
        channel.basicQos(100);
        // Shard and session -> seq: after a crash an event may come again.
        Map<String, Long> last = new HashMap<>();
        channel.basicConsume(
                "gateway.recv",
                false,
                (tag, delivery) -> {
                    var properties = delivery.getProperties();
                    var headers = properties.getHeaders();
                    var origin = headers.get("shard") + "/" + headers.get("session");
                    long seq = (long) headers.get("seq");
                    if (seq > last.getOrDefault(origin, 0L)) {
                        last.put(origin, seq);
                        System.out.println(properties.getType() + " " + properties.getMessageId());
                        var body = new String(delivery.getBody(), StandardCharsets.UTF_8);
                        if (body.contains("\"content\":\"!reconnect\"")) {
                            var command = "{\"op\":1,\"shard\":" + headers.get("shard") + "}";
                            channel.basicPublish("", "gateway.send", null, command.getBytes());
                        }
                    }
                    channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                },
                tag -> {});
    }
}
