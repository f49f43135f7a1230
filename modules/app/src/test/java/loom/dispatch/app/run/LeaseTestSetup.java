package loom.dispatch.app.run;

import loom.dispatch.cache.IdentifyLedger;
import loom.dispatch.cache.IdentifyRules;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.gateway.BotToken;
import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.Compression;
import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.gateway.Presence;
import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.gateway.ShardSnapshot;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A fake Discord, a real Redis, and processes that each hold some shards of the bot. */
final class LeaseTestSetup implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final RedisServer server = Servers.redis();
    final Simulator simulator;
    private final List<Runnable> closing = new ArrayList<>();

    LeaseTestSetup(SimulatorConfig config) throws Exception {
        simulator = Simulator.start(config);
    }

    /** One process: its own connections to Redis, its own gateway. */
    final class Process {
        final RedisClient redis;
        final DiscordApi api;
        final SharedIdentifyBudget identifies;
        final Gateway gateway;
        final Queue<DispatchEvent> events = new ConcurrentLinkedQueue<>();
        final Queue<ShardLifecycleEvent> notices = new ConcurrentLinkedQueue<>();

        Process(int first, int last, IdentifyRules terms, Map<Integer, Checkpoint> checkpoints)
                throws Exception {
            redis = RedisClient.connect(RedisConfig.standalone(server.host(), server.port()));
            var token = new BotToken(simulator.config().token());
            api = new DiscordApi(simulator.restUri(), token);
            var ledger = new IdentifyLedger(redis, token.botId().orElseThrow(), terms);
            if (!(api.gatewayBot()
                    instanceof DiscordApi.Answer.Given<DiscordApi.GatewayBot>(var bot))) {
                throw new AssertionError("the simulator does not answer");
            }
            identifies = new SharedIdentifyBudget(api, ledger, Optional.of(bot));
            gateway =
                    new Gateway(
                            config(token, first, last, terms.interval()),
                            checkpoints,
                            Map.of(),
                            identifies,
                            (_, notice) -> notices.add(notice),
                            SupervisedThreads.unsupervised());
            closing.addFirst(redis::close);
            closing.addFirst(api::close);
        }

        private GatewayConfig config(BotToken token, int first, int last, Duration interval) {
            return new GatewayConfig(
                    token,
                    simulator.gatewayUri(),
                    first,
                    last,
                    simulator.config().shards(),
                    simulator.config().maxConcurrency(),
                    interval,
                    53575421,
                    250,
                    new Presence("online", 0, ""),
                    Compression.ZLIB_STREAM,
                    16_000_000,
                    64_000_000);
        }

        Process start() {
            gateway.start((shard, batch) -> {
                events.addAll(batch);
                if (!batch.isEmpty()) {
                    gateway.settled(shard, batch.getLast().position());
                }
            });
            closing.addFirst(this::drain);
            return this;
        }

        private void drain() {
            try {
                gateway.drain(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        boolean allReady() {
            return gateway.snapshots().stream()
                    .allMatch(shard -> shard.status() == ShardSnapshot.Status.CONNECTED);
        }
    }

    @Override
    public void close() throws IOException {
        closing.forEach(Runnable::run);
        simulator.close();
        server.close();
    }
}
