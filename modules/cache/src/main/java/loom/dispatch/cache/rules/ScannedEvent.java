package loom.dispatch.cache.rules;

import loom.dispatch.cache.StateEvent;
import loom.dispatch.cache.bulk.BulkHandlers;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;

import java.util.Optional;
import java.util.function.Supplier;

/** An event with the scanned fields of its payload. For use by one thread. */
public final class ScannedEvent {
    private final StateEvent raw;
    private final Optional<EventRule> rule;
    private final JsonObject data;

    /** The guild's id, computed at the first call because rules ask for it often. */
    private Optional<String> guild = Optional.empty();

    /** The object that the event is about, created at the first call. */
    private Optional<ObjectRef> subject = Optional.empty();

    public ScannedEvent(StateEvent raw) {
        this.raw = raw;
        this.rule = EventRules.of(raw.type());
        this.data = JsonObject.of(raw.data());
    }

    /** Returns the event as it arrived. */
    public StateEvent raw() {
        return raw;
    }

    /**
     * Returns the rule of the event. It exists unless a {@link BulkHandlers bulk handler} applies.
     */
    public EventRule rule() {
        return rule.orElseThrow();
    }

    /** Returns the fields of {@code d}. */
    public JsonObject data() {
        return data;
    }

    public String type() {
        return raw.type();
    }

    /** Returns the id of the event's guild, empty for direct messages. */
    public String guild() {
        if (guild.isEmpty()) {
            guild = Optional.of(data.text("guild_id").orElse(""));
        }
        return guild.get();
    }

    /**
     * Returns the id of the event's guild, empty also if it is unreadable. The rule reports that
     * fault later.
     */
    public String guildOrEmpty() {
        try {
            return guild();
        } catch (JsonSyntaxException unreadableLater) {
            return "";
        }
    }

    /**
     * Returns the object of this kind that the event is about, created once. A rule has at most
     * one.
     */
    ObjectRef subject(ObjectKind kind, Supplier<ObjectRef> made) {
        if (subject.isEmpty() || subject.get().kind() != kind) {
            subject = Optional.of(made.get());
        }
        return subject.get();
    }

    public String requireText(String name) {
        return data.require(name).text();
    }

    /** Returns the object in a field of the event, or the event's data. */
    JsonObject object(Optional<String> field) {
        return field.map(name -> JsonObject.of(data.require(name))).orElse(data);
    }
}
