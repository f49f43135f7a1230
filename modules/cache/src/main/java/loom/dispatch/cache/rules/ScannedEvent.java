package loom.dispatch.cache.rules;

import loom.dispatch.cache.StateEvent;
import loom.dispatch.cache.bulk.BulkHandlers;
import loom.dispatch.cache.json.JsonFormatException;
import loom.dispatch.cache.json.JsonObject;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;

import java.util.Optional;
import java.util.function.Supplier;

/** An event whose data has been scanned. Used by one thread. */
public final class ScannedEvent {
    private final StateEvent raw;
    private final Optional<EventRule> rule;
    private final JsonObject data;

    /** Rules ask for it again and again; empty until the first does. */
    private Optional<String> guild = Optional.empty();

    /** What a rule reads and then changes; empty until it asks. */
    private Optional<ObjectRef> subject = Optional.empty();

    public ScannedEvent(StateEvent raw) {
        this.raw = raw;
        this.rule = EventRules.of(raw.type());
        this.data = JsonObject.of(raw.data());
    }

    /** The event as it came. */
    public StateEvent raw() {
        return raw;
    }

    /** What {@link EventRules} say of it; there, unless it is one of {@link BulkHandlers}. */
    public EventRule rule() {
        return rule.orElseThrow();
    }

    /** The fields of its {@code d}. */
    public JsonObject data() {
        return data;
    }

    public String type() {
        return raw.type();
    }

    /** The guild it is about, empty for direct messages. */
    public String guild() {
        if (guild.isEmpty()) {
            guild = Optional.of(data.text("guild_id").orElse(""));
        }
        return guild.get();
    }

    /** The same for who only plans to read; whoever applies the event finds the fault. */
    public String guildIfReadable() {
        try {
            return guild();
        } catch (JsonFormatException unreadableLater) {
            return "";
        }
    }

    /**
     * The object of a kind that the event is about, of which each rule has at most one; made once.
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

    /** The object inside an event that wraps one, or the event's data itself. */
    JsonObject object(Optional<String> field) {
        return field.map(name -> JsonObject.of(data.require(name))).orElse(data);
    }
}
