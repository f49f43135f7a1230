package loom.dispatch.app.config;

import loom.dispatch.broker.BrokerConfig;

/** Creates the configuration of the broker from the settings. */
public final class BrokerConfigFactory {
    private BrokerConfigFactory() {}

    public static BrokerConfig broker(Settings settings) {
        PublishSettings publish = settings.publish();
        return BrokerConfig.builder()
                .uri(settings.rabbit().uri())
                .trust(settings.rabbit().trust())
                .defaultQueue(publish.defaultQueue())
                .eventQueue(publish.queue())
                .guildQueues(publish.guildQueues())
                .persistent(publish.persistent())
                .mandatory(publish.mandatory())
                .build();
    }
}
