package loom.dispatch.servers.rabbit;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.process.FreePort;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three RabbitMQ nodes as local processes, with a configured list of peers. */
public final class RabbitCluster implements AutoCloseable {
    private static final int NODES = 3;

    private final List<RabbitProcess> nodes;

    public RabbitCluster(RabbitInstallation installation) {
        int epmdPort = FreePort.find();
        String peers =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(n ->
                                "cluster_formation.classic_config.nodes.%d = %s%n"
                                        .formatted(n, name(n)))
                        .collect(Collectors.joining());
        String settings =
                """
                cluster_formation.peer_discovery_backend = classic_config
                cluster_formation.randomized_startup_delay_range.min = 0
                cluster_formation.randomized_startup_delay_range.max = 1
                """
                        + peers;
        nodes =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(n -> new RabbitProcess(installation, name(n), epmdPort, settings))
                        .toList();
        nodes.getFirst().startEpmd();
        CompletableFuture.allOf(
                        nodes.stream()
                                .map(node -> CompletableFuture.runAsync(node::start))
                                .toArray(CompletableFuture[]::new))
                .join();
    }

    private static String name(int number) {
        return "c" + number + "@localhost";
    }

    /** The nodes. A test may kill and restart each. */
    public List<RabbitServer> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public void close() {
        nodes.forEach(RabbitProcess::close);
    }
}
