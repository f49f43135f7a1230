package loom.dispatch.servers.redis;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.ServerFailure;
import loom.dispatch.servers.process.FreePort;

import java.util.ArrayList;
import java.util.List;

/**
 * A Redis Cluster of three masters with one replica each, as local processes. A replica takes over
 * about three seconds after its master has died.
 */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final String NODE_TIMEOUT_MILLIS = "1500";

    private final List<Node> nodes = new ArrayList<>();

    /** A node and the port of its cluster bus. */
    private record Node(RedisProcess process, int bus) {
        static Node start(RedisBinary program) {
            int bus = FreePort.find();
            return new Node(
                    new RedisProcess(
                            program,
                            List.of(
                                    "--cluster-enabled",
                                    "yes",
                                    "--cluster-port",
                                    Integer.toString(bus),
                                    "--cluster-node-timeout",
                                    NODE_TIMEOUT_MILLIS,
                                    "--repl-diskless-sync-delay",
                                    "0")),
                    bus);
        }

        String send(String command) {
            return RedisCommandSocket.send(process.port(), command);
        }

        boolean replyContains(String command, String text) {
            return RedisCommandSocket.replyContains(process.port(), command, text);
        }
    }

    private RedisCluster() {}

    /** Starts and forms an empty cluster; takes a few seconds. */
    public static RedisCluster start() {
        var cluster = new RedisCluster();
        try {
            RedisBinary program = RedisBinary.best();
            for (int i = 0; i < 2 * MASTERS; i++) {
                cluster.nodes.add(Node.start(program));
            }
            cluster.form();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** All nodes; the initial masters come first. */
    public List<RedisServer> nodes() {
        return nodes.stream().<RedisServer>map(Node::process).toList();
    }

    /** A node that is a master now. */
    public RedisServer someMaster() {
        return nodes.stream()
                .filter(node -> node.replyContains("INFO replication", "role:master"))
                .findFirst()
                .orElseThrow(() -> new ServerFailure("the cluster has no master"))
                .process();
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.process().close());
    }

    private void form() {
        for (int i = 0; i < MASTERS; i++) {
            int from = SLOTS * i / MASTERS;
            int to = SLOTS * (i + 1) / MASTERS - 1;
            nodes.get(i).send("CLUSTER ADDSLOTSRANGE " + from + " " + to);
            // distinct epochs avoid a conflict that the nodes would have to resolve
            nodes.get(i).send("CLUSTER SET-CONFIG-EPOCH " + (i + 1));
        }
        for (Node other : nodes.subList(1, nodes.size())) {
            String address = "127.0.0.1 " + other.process().port() + " " + other.bus();
            nodes.getFirst().send("CLUSTER MEET " + address);
        }
        everyNode("CLUSTER INFO", "cluster_known_nodes:" + nodes.size());
        for (int i = 0; i < MASTERS; i++) {
            String master = nodes.get(i).send("CLUSTER MYID");
            Node replica = nodes.get(MASTERS + i);
            Eventually.await(
                    "the replica's knowledge of its master",
                    () -> replica.replyContains("CLUSTER NODES", master));
            replica.send("CLUSTER REPLICATE " + master);
            Eventually.await(
                    "the replica's link",
                    () -> replica.replyContains("INFO replication", "master_link_status:up"));
        }
        everyNode("CLUSTER INFO", "cluster_state:ok");
        everyNode("CLUSTER INFO", "cluster_slots_ok:" + SLOTS);
    }

    private void everyNode(String command, String text) {
        for (Node node : nodes) {
            Eventually.await(text + " of every node", () -> node.replyContains(command, text));
        }
    }
}
