package loom.dispatch.benchmarks.cache;

import java.util.Arrays;
import java.util.List;

/**
 * What {@code bench cache} is asked for.
 *
 * @param members sizes of guilds
 * @param shards how many apply events at the same time; more than one of traffic only
 * @param batches events a call of {@code cache.apply} gets
 * @param kinds events, {@code TRAFFIC} a mix of them, {@code GUILD_CREATE} whole guilds
 * @param seconds at least so long each line is measured
 */
public record CacheBenchOptions(
        List<Integer> members,
        List<Integer> shards,
        List<Integer> batches,
        List<String> kinds,
        double seconds) {
    /** The options as a command line has them. */
    public static final String HELP =
            """
            options of cache:
              --members LIST   sizes of guilds, 50,1000,10000
              --shards LIST    that apply events at the same time, 1,4; more than one of TRAFFIC
              --batches LIST   events at a time, 1,16,256
              --kinds LIST     names of events, TRAFFIC, GUILD_CREATE
              --seconds N      of each line, 0.5
            """;

    /**
     * As many kinds as differ in what they cost; TYPING_START stands for all that change nothing.
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
     * Reads a command line.
     *
     * @param arguments {@code --name value} each
     * @return the options, the standard ones where nothing is said
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
