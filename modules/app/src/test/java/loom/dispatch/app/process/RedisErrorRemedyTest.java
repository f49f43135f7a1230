package loom.dispatch.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What an operator is told to do names the variable that mends it. */
final class RedisErrorRemedyTest {
    @Test
    void aPasswordIsTheServersOrTheSentinels() {
        String server = "NOAUTH Authentication required.";
        assertEquals(
                server + "; set REDIS_PASSWORD, and REDIS_USERNAME if it has users",
                RedisErrorRemedy.to(server));
        String sentinel = "no sentinel names mymaster: 127.0.0.1:26379 " + server;
        assertEquals(
                sentinel
                        + "; the sentinels' own password stands in REDIS_URI,"
                        + " ?sentinel=[user:]password",
                RedisErrorRemedy.to(sentinel));
    }
}
