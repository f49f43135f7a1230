package loom.dispatch.cache;

import java.util.Optional;

/**
 * An event whose data has been scanned.
 *
 * @param raw the event as it came
 * @param data the fields of its {@code d}
 */
record Event(CacheEvent raw, Fields data) {

    String type() {
        return raw.type();
    }

    /** The guild it is about, empty for direct messages. */
    String guild() {
        return data.text("guild_id").orElse("");
    }

    /** The same for who only plans to read; whoever applies the event finds the fault. */
    String guildIfReadable() {
        try {
            return guild();
        } catch (JsonFault unreadableLater) {
            return "";
        }
    }

    String requireText(String name) {
        return data.require(name).text();
    }

    /** The object inside an event that wraps one, or the event's data itself. */
    Fields object(Optional<String> field) {
        return field.map(name -> Fields.of(data.require(name))).orElse(data);
    }
}
