package loom.dispatch.app.config;

import loom.dispatch.app.GeneratedPage;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables of docs/configuration.md equal the variables of the code. */
final class ConfigurationPageTest {
    private static final List<String> COLUMNS =
            List.of("variable", "default", "unit or choices", "meaning");

    private static Map<String, List<EnvironmentVariable<?>>> sections() {
        Map<String, List<EnvironmentVariable<?>>> sections = new LinkedHashMap<>();
        sections.put("Discord", DiscordSettings.VARIABLES);
        sections.put("Shards", ShardSettings.VARIABLES);
        sections.put("RabbitMQ", RabbitSettings.VARIABLES);
        sections.put("Published events", PublishSettings.VARIABLES);
        sections.put("Redis", RedisSettings.VARIABLES);
        sections.put("State", StateSettings.VARIABLES);
        sections.put("Service", ServiceSettings.VARIABLES);
        return sections;
    }

    @Test
    void configurationPageEqualsVariablesOfTheCode() throws IOException {
        GeneratedPage.check(
                "configuration.md",
                sections().entrySet().stream()
                        .map(section ->
                                GeneratedPage.section(
                                        section.getKey(),
                                        COLUMNS,
                                        section.getValue().stream()
                                                .map(ConfigurationPageTest::row)
                                                .toList()))
                        .collect(Collectors.joining("\n")));
    }

    private static List<String> row(EnvironmentVariable<?> variable) {
        return List.of(
                GeneratedPage.code(variable.name()),
                GeneratedPage.code(variable.fallback()),
                variable.allowed(),
                variable.meaning());
    }
}
