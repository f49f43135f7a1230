package loom.dispatch.cache.redis;

import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;

import java.util.List;
import java.util.Set;

/** Decides which Redis failures are temporary and which are permanent. */
public final class RedisFailures {
    /**
     * First words of replies that describe the state of the server and not an error in the command.
     * NOAUTH, WRONGPASS and NOPERM are here because an operator may change the ACL in several steps
     * while the service runs.
     */
    private static final Set<String> CONDITIONS =
            Set.of(
                    "LOADING",
                    "READONLY",
                    "MASTERDOWN",
                    "CLUSTERDOWN",
                    "TRYAGAIN",
                    "BUSY",
                    "OOM",
                    "MISCONF",
                    "NOREPLICAS",
                    "EXECABORT",
                    "MOVED",
                    "ASK",
                    "NOAUTH",
                    "WRONGPASS",
                    "NOPERM");

    private static final Set<String> REFUSALS =
            Set.of("NOAUTH", "WRONGPASS", "NOPERM", "DENIED", "NOPROTO");

    private static final List<String> REFUSING_SENTENCES =
            List.of(
                    "ERR invalid password",
                    "ERR AUTH <password> called without any password",
                    "ERR Client sent AUTH",
                    "ERR DB index is out of range",
                    "ERR invalid DB index",
                    "ERR SELECT is not allowed",
                    "ERR This instance has cluster support disabled");

    private RedisFailures() {}

    /** Whether a reply says that the server cannot serve requests now. */
    static boolean isCondition(JedisDataException reply) {
        String text = text(reply);
        return CONDITIONS.contains(firstWord(text)) || text.startsWith("ERR max number of clients");
    }

    /** Whether connecting with this configuration can never succeed. */
    public static boolean isRefusal(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof JedisAccessControlException) {
                return true;
            }
            String text = text(one);
            if (REFUSALS.contains(firstWord(text))
                    || REFUSING_SENTENCES.stream().anyMatch(text::startsWith)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the message of the innermost cause, for a log line. */
    public static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String text = text(innermost);
        return text.isEmpty() ? innermost.getClass().getSimpleName() : text.replace('"', '\'');
    }

    private static String text(Throwable failure) {
        return failure.getMessage() == null ? "" : failure.getMessage();
    }

    private static String firstWord(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }
}
