package loom.dispatch.cache;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The keys that consumers read from Redis, as JSON trees for a comparison with the model. */
final class RedisContents {
    private static final Gson GSON = new Gson();

    private RedisContents() {}

    /** All keys but the internal ones: strings as JSON, sets as sorted arrays. */
    static Map<String, JsonElement> of(RedisTestClient probe) {
        Map<String, JsonElement> all = new TreeMap<>();
        probe.readAll()
                .forEach((key, value) -> {
                    if (!key.startsWith("gateway_") && !key.startsWith("message_channels:")) {
                        all.put(key, value instanceof String text ? parsed(text) : inOrder(value));
                    }
                });
        return all;
    }

    /** The first key that differs or exists on one side only. */
    static Optional<String> difference(
            Map<String, JsonElement> expected, Map<String, JsonElement> actual) {
        TreeSet<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        for (String key : keys) {
            if (!Objects.equals(expected.get(key), actual.get(key))) {
                return Optional.of(
                        "%s is %s, not %s".formatted(key, actual.get(key), expected.get(key)));
            }
        }
        return Optional.empty();
    }

    /** The members of index sets that have no value. */
    static List<String> listedButAbsent(Map<String, JsonElement> all) {
        return all.entrySet().stream()
                .filter(one -> one.getValue().isJsonArray() && !one.getKey().startsWith("{"))
                .flatMap(set -> set.getValue().getAsJsonArray().asList().stream())
                .map(JsonElement::getAsString)
                .filter(key -> !all.containsKey(key))
                .toList();
    }

    static JsonElement parsed(String json) {
        return GSON.fromJson(json, JsonElement.class);
    }

    private static JsonElement inOrder(Object set) {
        JsonArray array = new JsonArray();
        ((List<?>) set).stream().map(String.class::cast).sorted().forEach(array::add);
        return array;
    }
}
