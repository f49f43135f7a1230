package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.GetResponse;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tests commands: replies, acknowledgements, rejections and forwarding to the shard's process. */
class CommandsTest {
    private final RabbitServer rabbit = Servers.sharedRabbit();
    private final VirtualHost host = rabbit.newVirtualHost();
    private final List<Broker> brokers = new CopyOnWriteArrayList<>();
    private CommandSender worker;

    @BeforeEach
    void connectWorker() throws Exception {
        worker = new CommandSender(host);
    }

    @AfterEach
    void close() throws Exception {
        worker.close();
        for (Broker broker : brokers) {
            broker.close(Duration.ofSeconds(5));
        }
    }

    private void startProcess(LocalShards shards, CommandHandler handler) throws Exception {
        Broker broker = Broker.connect(TestBrokerConfigs.config(host).build(), _ -> {});
        brokers.add(broker);
        broker.commands(shards, handler);
        Eventually.await("commands are read", Duration.ofSeconds(10), () -> broker.stats().ready());
    }

    private static CompletionStage<CommandResult> sent() {
        return CompletableFuture.completedFuture(new CommandResult.Sent());
    }

    @Test
    void repliesOnlyAfterCommandWasSent() throws Exception {
        CompletableFuture<CommandResult> sending = new CompletableFuture<>();
        List<Command> seen = new CopyOnWriteArrayList<>();
        startProcess(
                new LocalShards(0, 1, 2),
                (command, context) -> {
                    assertEquals(3, context.priority());
                    seen.add(command);
                    return command.shard() == 0 ? sending : sent();
                });
        worker.send("slow", "{\"op\":0,\"shard\":0,\"data\":{\"op\":3,\"d\":null}}");
        worker.send("fast", "{\"shard\":1, \"data\": {\"op\": 3}, \"op\":0}");
        assertEquals("{\"result\":\"sent\"}", worker.answer("fast"));
        assertFalse(worker.answered("slow"), "a busy shard must not delay another shard");
        sending.complete(new CommandResult.RateLimited(77));
        assertEquals("{\"result\":\"rate_limited\",\"until_ms\":77}", worker.answer("slow"));
        Command.Send first = assertInstanceOf(Command.Send.class, seen.getFirst());
        assertEquals("{\"op\":3,\"d\":null}", new String(first.data(), StandardCharsets.UTF_8));
    }

    @Test
    void unfinishedCommandIsDeliveredAgainAfterConnectionLoss() throws Exception {
        assumeTrue(rabbit.isRabbitMq());
        List<Command> seen = new CopyOnWriteArrayList<>();
        startProcess(
                new LocalShards(0, 0, 1),
                (command, _) -> {
                    seen.add(command);
                    return seen.size() == 1 ? new CompletableFuture<>() : sent();
                });
        worker.send("a", "{\"op\":1,\"shard\":0}");
        Eventually.await("first delivery", Duration.ofSeconds(10), () -> seen.size() == 1);
        closeConnectionsOf("loom-dispatch--1");
        assertEquals("{\"result\":\"sent\"}", worker.answer("a"));
        assertEquals(new Command.Reconnect(0), seen.get(1));
    }

    private void closeConnectionsOf(String name) {
        rabbit.rabbitmqctl("list_connections", "pid", "client_properties")
                .lines()
                .filter(line -> line.contains("\"" + name + "\""))
                .forEach(line ->
                        rabbit.rabbitmqctl("close_connection", line.split("\\s")[0], "test"));
    }

    @Test
    void invalidCommandIsRejectedAndKeptWithReason() throws Exception {
        startProcess(new LocalShards(0, 0, 1), (_, _) -> sent());
        record Case(String body, String answer) {}
        List<Case> cases =
                List.of(
                        new Case("{", "malformed"),
                        new Case(
                                "[]",
                                "{\"result\":\"malformed\",\"where\":\"body\",\"what\":\"is no JSON"
                                        + " object\"}"),
                        new Case("{\"op\":9}", "\"where\":\"op\""),
                        new Case("{\"op\":0,\"data\":{}}", "\"where\":\"shard\""),
                        new Case("{\"op\":0,\"shard\":\"x\",\"data\":{}}", "\"where\":\"shard\""),
                        new Case("{\"op\":0,\"shard\":0,\"data\":5}", "\"where\":\"data\""),
                        new Case("{\"op\":2,\"guild_id\":\"x\",\"data\":{}}", "\"guild_id\""),
                        new Case(
                                "{\"op\":1,\"shard\":7}",
                                "{\"result\":\"unknown_shard\",\"shard\":7}"),
                        new Case(
                                "{\"op\":0,\"shard\":0,\"data\":{\"d\":\""
                                        + "x".repeat(4_096)
                                        + "\"}}",
                                "\"limit\":4096"));
        for (int i = 0; i < cases.size(); i++) {
            Case each = cases.get(i);
            worker.send("case" + i, each.body());
            String answer = worker.answer("case" + i);
            assertTrue(answer.contains(each.answer()), each.body() + " -> " + answer);
            Eventually.await("rejected", Duration.ofSeconds(5), worker::takeRejected);
            GetResponse kept = worker.rejected();
            assertEquals(each.body(), new String(kept.getBody(), StandardCharsets.UTF_8));
            assertTrue(kept.getProps().getHeaders().containsKey("rejected-reason"));
        }
    }

    @Test
    void commandReachesProcessOfItsShard() throws Exception {
        List<Command> low = new CopyOnWriteArrayList<>();
        List<Command> high = new CopyOnWriteArrayList<>();
        startProcess(new LocalShards(0, 1, 4), (command, _) -> add(low, command));
        startProcess(new LocalShards(2, 3, 4), (command, _) -> add(high, command));
        for (int i = 0; i < 100; i++) {
            worker.send("c" + i, "{\"op\":0,\"shard\":%d,\"data\":{\"n\":%d}}".formatted(i % 4, i));
        }
        // Guild 3 << 22 belongs to shard 3; op 3 goes to all four.
        worker.send("guild", "{\"op\":2,\"guild_id\":\"12582912\",\"data\":{}}");
        worker.send("all", "{\"op\":3,\"data\":{}}");
        for (int i = 0; i < 100; i++) {
            assertEquals("{\"result\":\"sent\"}", worker.answer("c" + i));
        }
        assertEquals("{\"result\":\"sent\"}", worker.answer("guild"));
        assertEquals("{\"result\":\"sent\"}", worker.answer("all"));
        Eventually.await(
                "all handled", Duration.ofSeconds(10), () -> low.size() == 52 && high.size() == 53);
        assertEquals(102, worker.answers(), "one reply for each command");
        assertTrue(low.stream().allMatch(command -> command.shard() <= 1));
        assertTrue(high.stream().allMatch(command -> command.shard() >= 2));
    }

    @Test
    void commandForStoppedProcessWaitsAndKeepsItsExpiration() throws Exception {
        startProcess(new LocalShards(0, 1, 4), (_, _) -> sent());
        worker.send("long", "{\"op\":0,\"shard\":3,\"data\":{}}", "60000");
        worker.send("short", "{\"op\":0,\"shard\":3,\"data\":{}}", "50");
        worker.send("endless", "{\"op\":0,\"shard\":3,\"data\":{}}");
        Eventually.await(
                "all commands forwarded",
                Duration.ofSeconds(10),
                () -> brokers.getFirst().commandResults().get("handed_on") == 3);
        long expired = System.nanoTime() + Duration.ofMillis(60).toNanos();
        Eventually.await(
                "the short expiration has passed",
                Duration.ofSeconds(5),
                () -> System.nanoTime() > expired);
        Map<String, Optional<Duration>> expires = new ConcurrentHashMap<>();
        startProcess(
                new LocalShards(2, 3, 4),
                (_, context) -> {
                    expires.put(context.correlationId(), context.expires());
                    return sent();
                });
        for (String id : List.of("long", "short", "endless")) {
            assertEquals("{\"result\":\"sent\"}", worker.answer(id));
        }
        Duration left = expires.get("long").orElseThrow();
        assertTrue(left.toMillis() > 30_000 && left.toMillis() < 60_000, left::toString);
        assertEquals(
                Optional.of(Duration.ZERO),
                expires.get("short"),
                "an expired command is delivered and not dropped");
        assertEquals(Optional.empty(), expires.get("endless"));
        assertEquals(3, brokers.getLast().commandResults().get("sent"));
    }

    private static CompletionStage<CommandResult> add(List<Command> seen, Command command) {
        seen.add(command);
        return sent();
    }
}
