package loom.dispatch.benchmarks.discord;

import loom.dispatch.simulator.EventGenerator;
import loom.dispatch.simulator.GuildShape;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The events that one shard received from the simulator.
 *
 * @param ready the {@code d} of READY
 * @param guilds the GUILD_CREATEs that follow READY
 * @param traffic the events after them
 */
public record RecordedTraffic(String ready, List<Event> guilds, List<Event> traffic) {
    /** An event's type and its {@code d}. */
    public record Event(String type, byte[] data) {}

    /** All intents, presences and members included. */
    public static final int ALL_INTENTS = (1 << 17) - 1 | 3 << 20 | 3 << 24;

    private static final int EVENTS_PER_SECOND = 20_000;
    private static final long PATIENCE_SECONDS = 60;

    /** Records a thousand events of a busy bot, for the microbenchmarks. */
    public static RecordedTraffic sample() {
        try {
            return of(EventMix.TRAFFIC, GuildShape.small().perShard(20).members(50), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while recording", e);
        }
    }

    /** Records this many events of a mix, in guilds of one shape. It takes some seconds. */
    public static RecordedTraffic of(EventMix mix, GuildShape guilds, int events)
            throws IOException, InterruptedException {
        RecordedTraffic recording = of(mix::choose, guilds, events);
        return mix == EventMix.GUILDS
                ? new RecordedTraffic(recording.ready(), recording.guilds(), recording.guilds())
                : recording;
    }

    /**
     * Records events in guilds of one shape. It takes some seconds.
     *
     * @param choice selects the events
     * @param guilds the shape
     * @param events the number of events
     * @return the recording of one shard
     */
    public static RecordedTraffic of(Consumer<EventGenerator> choice, GuildShape guilds, int events)
            throws IOException, InterruptedException {
        var config = SimulatorConfig.standard().withGuilds(guilds).withSendLimit(1_000);
        try (Simulator simulator = Simulator.start(config);
                HttpClient http = HttpClient.newHttpClient()) {
            var ear = new EventCollector();
            WebSocket socket =
                    http.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create(simulator.gatewayUri() + "/?v=10&encoding=json"),
                                    ear)
                            .join();
            socket.sendText(identify(config.token()), true).join();
            String ready = ear.await("READY");
            List<Event> first = new ArrayList<>();
            for (int i = 0; i < guilds.perShard(); i++) {
                first.add(event(ear.await("GUILD_CREATE")));
            }
            choice.accept(simulator.events());
            simulator.events().rate(EVENTS_PER_SECOND);
            List<Event> traffic = new ArrayList<>(events);
            while (traffic.size() < events) {
                traffic.add(event(ear.await("")));
            }
            socket.abort();
            return new RecordedTraffic(data(ready), first, traffic);
        }
    }

    private static String identify(String token) {
        return """
        {"op":2,"d":{"token":"%s","intents":%d,"large_threshold":250,"shard":[0,1],
        "properties":{"os":"linux","browser":"bench","device":"bench"}}}\
        """
                .formatted(token, ALL_INTENTS);
    }

    private static Event event(String message) {
        return new Event(type(message), data(message).getBytes(StandardCharsets.UTF_8));
    }

    /** Extracts the type: the simulator writes t, s, op and d, in this order. */
    private static String type(String message) {
        int start = "{\"t\":\"".length();
        return message.substring(start, message.indexOf('"', start));
    }

    private static String data(String message) {
        String key = "\"d\":";
        return message.substring(message.indexOf(key) + key.length(), message.length() - 1);
    }

    /** Collects the dispatched events. */
    private static final class EventCollector implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                if (message.indexOf("{\"t\":\"") == 0) {
                    messages.add(message.toString());
                }
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        /** Returns the next event of this type, or of any type. Earlier ones are dropped. */
        String await(String type) throws InterruptedException, IOException {
            while (true) {
                String next = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException("the simulator sent no " + type);
                }
                if (type.isEmpty() || type(next).equals(type)) {
                    return next;
                }
            }
        }
    }
}
