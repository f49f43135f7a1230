package loom.dispatch.benchmarks.cache;

import java.util.Arrays;
import java.util.List;

/**
 * The parsed options of {@code bench cache}.
 *
 * @param members guild sizes
 * @param shards shards that apply events concurrently; more than one for traffic only
 * @param batches events per call of {@code cache.apply}
 * @param kinds event types, {@code TRAFFIC} for a mix, {@code GUILD_CREATE} for whole guilds
 * @param seconds the least time for each line
 */
public record CacheBenchOptions(
        List<Integer> members,
        List<Integer> shards,
        List<Integer> batches,
        List<String> kinds,
        double seconds) {
    /** The options as the help text shows them. */
    public static final String HELP =
            """
            options of cache:
              --members LIST   guild sizes (50,1000,10000)
              --shards LIST    shards that apply events concurrently (1,4); more than one for TRAFFIC only
              --batches LIST   events per call (1,16,256)
              --kinds LIST     event types, TRAFFIC or GUILD_CREATE
              --seconds N      least time for each line (0.5)
            """;

    /**
     * One event type per cost class. TYPING_START stands for all events without an effect on the
     * state.
     */
    private static final CacheBenchOptions STANDARD =
            new CacheBenchOptions(
                    List.of(50, 1_000, 10_000),
                    List.of(1, 4),
                    List.of(1, 16, 256),
                    List.of(
                            "PRESENCE_UPDATE",
                            "MESSAGE_CREATE",
                            "MESSAGE_UPDATE",
                            "GUILD_MEMBER_UPDATE",
                            "VOICE_STATE_UPDATE",
                            "TYPING_START",
                            CacheWorkloads.TRAFFIC,
                            CacheWorkloads.GUILD_CREATE),
                    0.5);

    /**
     * Parses the command line.
     *
     * @param arguments {@code --name value} pairs
     * @return the options; the defaults where an option is missing
     */
    public static CacheBenchOptions of(List<String> arguments) {
        CacheBenchOptions options = STANDARD;
        for (int i = 0; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(arguments.get(i) + " needs a value");
            }
            options = options.with(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private CacheBenchOptions with(String name, String value) {
        return switch (name) {
            case "--members" ->
                    new CacheBenchOptions(numbers(value), shards, batches, kinds, seconds);
            case "--shards" ->
                    new CacheBenchOptions(members, numbers(value), batches, kinds, seconds);
            case "--batches" ->
                    new CacheBenchOptions(members, shards, numbers(value), kinds, seconds);
            case "--kinds" ->
                    new CacheBenchOptions(
                            members, shards, batches, List.of(value.split(",")), seconds);
            case "--seconds" ->
                    new CacheBenchOptions(
                            members, shards, batches, kinds, Double.parseDouble(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static List<Integer> numbers(String list) {
        return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
    }
}
