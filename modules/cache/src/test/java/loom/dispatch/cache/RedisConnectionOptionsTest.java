package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.redis.RedisSentinels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import redis.clients.jedis.Jedis;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Tests each connection option of a Redis URI with a history against the model. */
class RedisConnectionOptionsTest {
    private static final int STEPS = 200;
    private static final StateConfig CONFIG = StateConfig.DEFAULT;
    private static final String KEY_PASSWORD = "changeit";

    @TempDir Path folder;

    @Test
    void aclUserWithoutDangerousCommandsIsSufficient() throws Exception {
        try (RedisServer server = Servers.redis()) {
            try (var admin = new Jedis(server.host(), server.port())) {
                // for example KEYS and FLUSHALL are dangerous
                admin.aclSetUser(
                        "loom", "on", ">p:@/w", "~*", "+@all", "-@admin", "-@dangerous", "+info");
            }
            String uri =
                    "redis://loom:p%%3A%%40%%2Fw@%s:%d".formatted(server.host(), server.port());
            play(uri, server);
        }
    }

    @Test
    void readOnlyAclUserFailsWithNoperm() throws Exception {
        try (RedisServer server = Servers.redis();
                var admin = new Jedis(server.host(), server.port())) {
            admin.aclSetUser("loom", "on", ">password", "~*", "+@read");
            String uri = "redis://loom:password@%s:%d".formatted(server.host(), server.port());
            try (RedisClient redis = RedisClient.connect(RedisUri.parse(uri))) {
                var failure =
                        assertThrows(
                                RedisUnavailableException.class,
                                () ->
                                        redis.exchange(
                                                List.of(
                                                        RedisCommands.set(
                                                                "k", RedisTestClient.utf8("v")))));
                assertTrue(failure.getMessage().contains("NOPERM"), failure::getMessage);
            }
        }
    }

    @Test
    void connectsToUnixSocket() throws Exception {
        Path socket = folder.resolve("redis.sock");
        try (RedisServer server =
                Servers.redisProcess(
                        "--unixsocket", socket.toString(), "--requirepass", "password")) {
            RedisConfig config = RedisUri.parse("unix://:password@" + socket + "?db=1");
            try (RedisClient redis = RedisClient.connect(config)) {
                redis.exchange(List.of(RedisCommands.set("k", RedisTestClient.utf8("v"))));
            }
            try (var admin = new Jedis(server.host(), server.port())) {
                admin.auth("password");
                admin.select(1);
                assertEquals("v", admin.get("k"));
                admin.configSet("requirepass", "");
            }
            play("unix://" + socket, server);
        }
    }

    @Test
    void connectsWithTlsIfCertificateIsTrusted() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path keys = keys();
        try (RedisServer server =
                Servers.redisProcess(
                        "--tls-port",
                        Integer.toString(port),
                        "--tls-auth-clients",
                        "no",
                        "--tls-cert-file",
                        folder.resolve("cert.pem").toString(),
                        "--tls-key-file",
                        folder.resolve("key.pem").toString(),
                        "--tls-ca-cert-file",
                        folder.resolve("cert.pem").toString())) {
            String uri = "rediss://127.0.0.1:" + port;
            var refusal =
                    assertThrows(
                            Exception.class,
                            () -> RedisClient.attempt(RedisUri.parse(uri)).close());
            assertTrue(refusal.getMessage().contains("certification path"), refusal::getMessage);
            System.setProperty("javax.net.ssl.trustStore", keys.toString());
            System.setProperty("javax.net.ssl.trustStorePassword", KEY_PASSWORD);
            try {
                play(uri, server);
            } finally {
                System.clearProperty("javax.net.ssl.trustStore");
                System.clearProperty("javax.net.ssl.trustStorePassword");
            }
        }
    }

    @Test
    void connectsToSentinelsWithTheirOwnPassword() throws Exception {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            sentinels.requirePassword("watch");
            String uri =
                    "redis-sentinel://%s/%s"
                            .formatted(
                                    String.join(",", sentinels.addresses()), RedisSentinels.MASTER);
            play(uri + "?sentinel=watch", sentinels.master());
            var refusal =
                    assertThrows(
                            RedisRefusedException.class,
                            () -> RedisClient.attempt(RedisUri.parse(uri)).close());
            assertTrue(
                    refusal.getMessage().contains(sentinels.addresses().getFirst() + " NOAUTH"),
                    refusal::getMessage);
            String other = uri.replace(RedisSentinels.MASTER, "other") + "?sentinel=watch";
            var unknown =
                    assertThrows(
                            RedisUnavailableException.class,
                            () -> RedisClient.attempt(RedisUri.parse(other)).close());
            assertTrue(
                    unknown.getMessage().contains("no sentinel names other")
                            && unknown.getMessage().contains("does not know it"),
                    unknown::getMessage);
            assertFalse(RedisUri.parse(uri + "?sentinel=watch").toString().contains("=watch"));
        }
    }

    /** Plays a history over the URI and compares Redis with the model over a plain connection. */
    private static void play(String uri, RedisServer server) throws Exception {
        long seed = Long.getLong("cache.seed", System.nanoTime());
        List<RandomHistory.Step> steps = new RandomHistory(seed).steps(STEPS);
        ReferenceStateModel model = new ReferenceStateModel(CONFIG, RandomHistory.BOT);
        steps.forEach(step -> model.apply(step.type(), step.data()));
        try (RedisClient redis = RedisClient.connect(RedisUri.parse(uri));
                var probe = new RedisTestClient(server)) {
            new StateCache(redis, CONFIG, 1)
                    .apply(0, steps.stream().map(RandomHistory.Step::event).toList());
            Optional<String> fault =
                    RedisContents.difference(model.expected(), RedisContents.of(probe));
            assertTrue(fault.isEmpty(), () -> "seed " + seed + ": " + fault);
        }
    }

    /** Creates a key and certificate as PEM files for Redis. Returns the key store. */
    private Path keys() throws IOException, InterruptedException, GeneralSecurityException {
        Path keys = folder.resolve("keys.p12");
        String line =
                "%s/bin/keytool -genkeypair -alias redis -keyalg EC -dname CN=redis -validity 2 -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass %s -keystore %s"
                        .formatted(System.getProperty("java.home"), KEY_PASSWORD, keys);
        Process keytool = new ProcessBuilder(line.split(" ")).inheritIO().start();
        assertEquals(0, keytool.waitFor());
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, KEY_PASSWORD.toCharArray());
        }
        pem(
                "key.pem",
                "PRIVATE KEY",
                store.getKey("redis", KEY_PASSWORD.toCharArray()).getEncoded());
        pem("cert.pem", "CERTIFICATE", store.getCertificate("redis").getEncoded());
        store.setCertificateEntry("trusted", store.getCertificate("redis"));
        store.deleteEntry("redis");
        try (var out = Files.newOutputStream(keys)) {
            store.store(out, KEY_PASSWORD.toCharArray());
        }
        return keys;
    }

    private void pem(String file, String what, byte[] encoded) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(what, text));
    }
}
