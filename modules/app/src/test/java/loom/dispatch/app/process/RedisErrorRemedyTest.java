package loom.dispatch.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Checks that a remedy names the variable to change. */
final class RedisErrorRemedyTest {
    @Test
    void remedyDistinguishesPasswordOfServerFromThatOfSentinels() {
        String server = "NOAUTH Authentication required.";
        assertEquals(
                server + "; set REDIS_PASSWORD, and REDIS_USERNAME if Redis has ACL users",
                RedisErrorRemedy.to(server));
        String sentinel = "no sentinel names mymaster: 127.0.0.1:26379 " + server;
        assertEquals(
                sentinel
                        + "; set the sentinels' own password in REDIS_URI with"
                        + " ?sentinel=[user:]password",
                RedisErrorRemedy.to(sentinel));
    }
}
