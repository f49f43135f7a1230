import com.rabbitmq.client.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A worker: prints each event once and in order, reports lost events, and reconnects its shard on
 * request.
 *
 * <p>RABBIT_URI=amqp://guest:guest@127.0.0.1:5672/%2f java -cp amqp-client.jar:slf4j-api.jar
 * Worker.java
 */
final class Worker {
    /** An event may be repeated with the same id. Several workers would keep this in Redis. */
    private static final class Recent extends LinkedHashMap<String, Boolean> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > 10_000;
        }
    }

    public static void main(String[] arguments) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(System.getenv("RABBIT_URI"));
        var channel = factory.newConnection().createChannel();
        channel.basicQos(100);
        var recent = new Recent();
        channel.basicConsume(
                "gateway.recv",
                false,
                (tag, delivery) -> {
                    var properties = delivery.getProperties();
                    var shard = properties.getHeaders().get("shard");
                    if (recent.put(properties.getMessageId(), true) == null) {
                        var body = new String(delivery.getBody(), StandardCharsets.UTF_8);
                        System.out.println(properties.getType() + " " + properties.getMessageId());
                        if (properties.getType().equals("DISPATCH_GAP")) {
                            System.out.println("shard " + shard + " lost events: read its state again");
                        } else if (body.contains("\"content\":\"!reconnect\"")) {
                            var command = "{\"op\":1,\"shard\":" + shard + "}";
                            channel.basicPublish("", "gateway.send", null, command.getBytes());
                        }
                    }
                    channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                },
                tag -> {});
    }
}
