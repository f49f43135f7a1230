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

/** The way to Discord leads through TLS: whom the image takes for Discord, and whom not. */
final class DiscordTlsTest {
    private static final String CERTIFIED = "127.0.0.1";

    @TempDir private Path folder;
    private ImageTestSetup stage;
    private TestCertificateAuthority authority;
    private TlsProxy tls;

    @BeforeEach
    void open() throws Exception {
        stage = new ImageTestSetup();
        authority = TestCertificateAuthority.in(folder);
        tls = new TlsProxy(authority, stage.simulator().restUri().getPort());
    }

    @AfterEach
    void close() throws Exception {
        tls.close();
        stage.close();
    }

    private void start(String host, String gateway, String options) {
        Map<String, String> variables = new HashMap<>();
        String path = stage.simulator().restUri().getPath();
        variables.put("DISCORD_API_URL", "https://" + host + ":" + tls.port() + path);
        variables.put("GATEWAY_URL", "wss://" + gateway + ":" + tls.port());
        variables.put("JAVA_OPTS", options);
        stage.startImage(variables);
    }

    private void assertNeverToldTheToken(String event) throws Exception {
        stage.await(
                event,
                () ->
                        stage.image()
                                .output()
                                .lines()
                                .filter(line -> line.contains(event))
                                .anyMatch(line -> line.contains("SSLHandshakeException")));
        assertEquals(0, stage.simulator().recorder().identifies().size());
    }

    @Test
    void aServerWhoseAuthorityIsTrustedIsSpokenTo() throws Exception {
        start(CERTIFIED, CERTIFIED, authority.trustOptions());
        stage.awaitReady();
        stage.simulator().events().rate(200);
        stage.awaitEvents(200);
        stage.assertPromiseKept();
    }

    @Test
    void aServerWhoseAuthorityNobodyKnowsIsNot() throws Exception {
        start(CERTIFIED, CERTIFIED, "");
        assertNeverToldTheToken("discord.unavailable");
    }

    @Test
    void aServerWithAnothersCertificateIsNot() throws Exception {
        start("localhost", CERTIFIED, authority.trustOptions());
        assertNeverToldTheToken("discord.unavailable");
    }

    @Test
    void aGatewayWithAnothersCertificateIsNotToldTheToken() throws Exception {
        start(CERTIFIED, "localhost", authority.trustOptions());
        assertNeverToldTheToken("shard.");
    }
}
