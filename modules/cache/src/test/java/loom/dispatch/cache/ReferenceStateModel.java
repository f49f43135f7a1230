package loom.dispatch.cache;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An independent model of the state: JSON trees in a map, without Redis. */
final class ReferenceStateModel {
    private final ModelObjects trees;
    private final Map<String, Rule> rules = new HashMap<>();

    /** Applies one event type and returns the expected {@code old}. */
    interface Rule {
        Optional<JsonElement> apply(JsonObject d, String guild);
    }

    ReferenceStateModel(StateConfig config, String botId) {
        trees = new ModelObjects(config, botId);
        ModelMembers members = new ModelMembers(trees);
        rules.putAll(new ModelGuilds(trees).rules());
        rules.putAll(new ModelChannels(trees, members).rules());
        rules.putAll(members.rules());
    }

    /** All keys with their values; a set is a sorted array. */
    Map<String, JsonElement> expected() {
        return trees.expected();
    }

    /** Removes all values that have a TTL. */
    void expireAll() {
        trees.objects().keySet().removeIf(trees::hasTtl);
    }

    /** Removes the messages of guilds, as a READY after skipped events does. */
    void forgetMessagesOfGuilds() {
        trees.objects()
                .entrySet()
                .removeIf(one ->
                        one.getKey().startsWith("message:") && !one.getValue().guild().isEmpty());
    }

    /** Applies an event and returns the expected {@code old}. */
    Optional<JsonElement> apply(String type, JsonObject d) {
        Rule nothing = (_, _) -> Optional.empty();
        return rules.getOrDefault(type, nothing).apply(d, ModelObjects.text(d, "guild_id"));
    }
}
