package loom.dispatch.cache;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the cache must hold, told a second time without looking at the first: plain trees in a map,
 * nothing about Redis.
 */
final class ReferenceStateModel {
    private final ModelObjects trees;
    private final Map<String, Rule> rules = new HashMap<>();

    /** What an event does, and what {@code old} must be. */
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

    /** Every key with its value as a tree; a set as an array in order. */
    Map<String, JsonElement> expected() {
        return trees.expected();
    }

    /** So much time passes that every value that has a time to live is gone. */
    void outliveTheMortal() {
        trees.objects().keySet().removeIf(trees::isMortal);
    }

    /** As at a READY after events that nobody heard. */
    void forgetMessagesOfGuilds() {
        trees.objects()
                .entrySet()
                .removeIf(one ->
                        one.getKey().startsWith("message:") && !one.getValue().guild().isEmpty());
    }

    /** Applies an event and tells what {@code old} must be. */
    Optional<JsonElement> apply(String type, JsonObject d) {
        Rule nothing = (_, _) -> Optional.empty();
        return rules.getOrDefault(type, nothing).apply(d, ModelObjects.text(d, "guild_id"));
    }
}
