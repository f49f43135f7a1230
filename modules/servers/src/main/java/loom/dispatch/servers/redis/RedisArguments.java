package loom.dispatch.servers.redis;

import java.util.ArrayList;
import java.util.List;

/** The command line that every Redis of the tests is started with. */
final class RedisArguments {
    private RedisArguments() {}

    /** Ours first: what the caller says about the same option comes later, and later wins. */
    static List<String> withPersistence(List<String> own) {
        List<String> all =
                new ArrayList<>(
                        List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
        all.addAll(own);
        return all;
    }

    /** The value of {@code --requirepass}, or nothing. */
    static String password(List<String> arguments) {
        int option = arguments.lastIndexOf("--requirepass");
        return option < 0 ? "" : arguments.get(option + 1);
    }
}
