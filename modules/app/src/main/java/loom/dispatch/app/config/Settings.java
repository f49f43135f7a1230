package loom.dispatch.app.config;

import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.StateConfig;

import java.util.List;
import java.util.stream.Stream;

/** The whole configuration. Each part defines its own variables. */
public record Settings(
        DiscordSettings discord,
        ShardSettings shards,
        RabbitSettings rabbit,
        PublishSettings publish,
        RedisConfig redis,
        StateConfig state,
        ServiceSettings service) {

    /** All variables, in the order of the help. */
    public static final List<EnvironmentVariable<?>> VARIABLES =
            Stream.of(
                            DiscordSettings.VARIABLES,
                            ShardSettings.VARIABLES,
                            RabbitSettings.VARIABLES,
                            PublishSettings.VARIABLES,
                            RedisSettings.VARIABLES,
                            StateSettings.VARIABLES,
                            ServiceSettings.VARIABLES)
                    .<EnvironmentVariable<?>>flatMap(List::stream)
                    .toList();

    /**
     * Reads the configuration.
     *
     * @throws StartFailure contains every error, one line each
     */
    public static Settings from(Environment env) throws StartFailure {
        DiscordSettings discord = DiscordSettings.from(env);
        var settings =
                new Settings(
                        discord,
                        ShardSettings.from(env, discord.apiUrl()),
                        RabbitSettings.from(env),
                        PublishSettings.from(env),
                        RedisSettings.from(env),
                        StateSettings.from(env),
                        ServiceSettings.from(env));
        List<String> problems = env.problems();
        if (!problems.isEmpty()) {
            throw new StartFailure(ExitCode.CONFIGURATION, String.join("\n", problems));
        }
        return settings;
    }
}
