package loom.dispatch.app.process;

import loom.dispatch.cache.RedisConfig;

/** Maps Redis error replies (NOAUTH, OOM, MISCONF) to the remedy in logs and in {@code doctor}. */
public final class RedisErrorRemedy {
    private RedisErrorRemedy() {}

    /** Returns the reason and, if known, the remedy. */
    public static String to(String reason) {
        String advice = advice(reason);
        return advice.isEmpty() ? reason : reason + "; " + advice;
    }

    /** Returns the reason and the remedy for a Redis that does not answer. */
    public static String away(RedisConfig config, String reason) {
        return config.target()
                + ": "
                + reason.replaceFirst("\\.$", "")
                + "; is it running, and are REDIS_HOST, REDIS_PORT and REDIS_TLS, or REDIS_URI,"
                + " right?";
    }

    private static String advice(String reason) {
        if (reason.contains("no sentinel names")) {
            return "set the sentinels' own password in REDIS_URI with ?sentinel=[user:]password";
        }
        if (reason.contains("NOAUTH") || reason.contains("WRONGPASS")) {
            return "set REDIS_PASSWORD, and REDIS_USERNAME if Redis has ACL users";
        }
        if (reason.contains("NOPERM")) {
            return "give the Redis user access to ~* and to the commands that its ACL rule lacks";
        }
        if (reason.contains("DB index")) {
            return "set REDIS_DATABASE to a number below the setting databases of Redis";
        }
        if (reason.startsWith("OOM")) {
            return "free memory or raise maxmemory; until then events wait";
        }
        if (reason.startsWith("READONLY")) {
            return "this server is a replica: set REDIS_URI to its master or to the sentinels";
        }
        if (reason.startsWith("MISCONF")) {
            return "Redis cannot write to its disk: see its log; until then events wait";
        }
        return "";
    }
}
