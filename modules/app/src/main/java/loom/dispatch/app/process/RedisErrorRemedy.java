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
            return "the sentinels' own password stands in REDIS_URI, ?sentinel=[user:]password";
        }
        if (reason.contains("NOAUTH") || reason.contains("WRONGPASS")) {
            return "set REDIS_PASSWORD, and REDIS_USERNAME if it has users";
        }
        if (reason.contains("NOPERM")) {
            return "give the user ~* and the commands that its line in Redis's ACL lacks";
        }
        if (reason.contains("DB index")) {
            return "REDIS_DATABASE must be less than Redis's setting databases";
        }
        if (reason.startsWith("OOM")) {
            return "make room or raise maxmemory; until then events wait";
        }
        if (reason.startsWith("READONLY")) {
            return "this is a replica: name its master, or the sentinels by REDIS_URI";
        }
        if (reason.startsWith("MISCONF")) {
            return "Redis cannot save to its disk: its log says why; until then events wait";
        }
        return "";
    }
}
