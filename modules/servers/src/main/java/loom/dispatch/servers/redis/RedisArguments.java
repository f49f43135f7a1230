package loom.dispatch.servers.redis;

import java.util.ArrayList;
import java.util.List;

/** Builds the command line of a Redis. */
final class RedisArguments {
    private RedisArguments() {}

    /** Puts the caller's arguments last, because Redis uses the last value of an option. */
    static List<String> withPersistence(List<String> own) {
        List<String> all =
                new ArrayList<>(
                        List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
        all.addAll(own);
        return all;
    }

    /** The value of {@code --requirepass}, or an empty string. */
    static String password(List<String> arguments) {
        int option = arguments.lastIndexOf("--requirepass");
        return option < 0 ? "" : arguments.get(option + 1);
    }
}
