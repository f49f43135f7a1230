package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.TestCertificateAuthority;
import loom.dispatch.simulator.TlsProxy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Tests which TLS certificates the image accepts for Discord. */
final class DiscordTlsTest {
    private static final String CERTIFIED = "127.0.0.1";

    @TempDir private Path folder;
    private ImageTestSetup setup;
    private TestCertificateAuthority authority;
    private TlsProxy tls;

    @BeforeEach
    void open() throws Exception {
        setup = new ImageTestSetup();
        authority = TestCertificateAuthority.in(folder);
        tls = new TlsProxy(authority, setup.simulator().restUri().getPort());
    }

    @AfterEach
    void close() throws Exception {
        tls.close();
        setup.close();
    }

    private void start(String host, String gateway, String options) {
        Map<String, String> variables = new HashMap<>();
        String path = setup.simulator().restUri().getPath();
        variables.put("DISCORD_API_URL", "https://" + host + ":" + tls.port() + path);
        variables.put("GATEWAY_URL", "wss://" + gateway + ":" + tls.port());
        variables.put("JAVA_OPTS", options);
        setup.startImage(variables);
    }

    private void assertTokenNotSent(String event) throws Exception {
        setup.await(
                event,
                () ->
                        setup.image()
                                .output()
                                .lines()
                                .filter(line -> line.contains(event))
                                .anyMatch(line -> line.contains("SSLHandshakeException")));
        assertEquals(0, setup.simulator().recorder().identifies().size());
    }

    @Test
    void connectsToServerOfTrustedAuthority() throws Exception {
        start(CERTIFIED, CERTIFIED, authority.trustOptions());
        setup.awaitReady();
        setup.simulator().events().rate(200);
        setup.awaitEvents(200);
        setup.assertNoEventLost();
    }

    @Test
    void rejectsServerOfUnknownAuthority() throws Exception {
        start(CERTIFIED, CERTIFIED, "");
        assertTokenNotSent("discord.unavailable");
    }

    @Test
    void rejectsServerWithCertificateOfAnotherHost() throws Exception {
        start("localhost", CERTIFIED, authority.trustOptions());
        assertTokenNotSent("discord.unavailable");
    }

    @Test
    void sendsNoTokenToGatewayWithCertificateOfAnotherHost() throws Exception {
        start(CERTIFIED, "localhost", authority.trustOptions());
        assertTokenNotSent("shard.");
    }
}
