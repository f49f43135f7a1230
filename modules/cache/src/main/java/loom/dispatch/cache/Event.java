package loom.dispatch.cache;

import java.util.Optional;
import java.util.function.Supplier;

/** An event whose data has been scanned. Used by one thread. */
final class Event {
    private final CacheEvent raw;
    private final Optional<Rule> rule;
    private final Fields data;

    /** Rules ask for it again and again; empty until the first does. */
    private Optional<String> guild = Optional.empty();

    /** What a rule reads and then changes; empty until it asks. */
    private Optional<Ref> subject = Optional.empty();

    Event(CacheEvent raw) {
        this.raw = raw;
        this.rule = Rules.of(raw.type());
        this.data = Fields.of(raw.data());
    }

    /** The event as it came. */
    CacheEvent raw() {
        return raw;
    }

    /** What {@link Rules} say of it; there, unless it is one of {@link Sweepings}. */
    Rule rule() {
        return rule.orElseThrow();
    }

    /** The fields of its {@code d}. */
    Fields data() {
        return data;
    }

    String type() {
        return raw.type();
    }

    /** The guild it is about, empty for direct messages. */
    String guild() {
        if (guild.isEmpty()) {
            guild = Optional.of(data.text("guild_id").orElse(""));
        }
        return guild.get();
    }

    /** The same for who only plans to read; whoever applies the event finds the fault. */
    String guildIfReadable() {
        try {
            return guild();
        } catch (JsonFault unreadableLater) {
            return "";
        }
    }

    /**
     * The object of a kind that the event is about, of which each rule has at most one; made once.
     */
    Ref subject(Kind kind, Supplier<Ref> made) {
        if (subject.isEmpty() || subject.get().kind() != kind) {
            subject = Optional.of(made.get());
        }
        return subject.get();
    }

    String requireText(String name) {
        return data.require(name).text();
    }

    /** The object inside an event that wraps one, or the event's data itself. */
    Fields object(Optional<String> field) {
        return field.map(name -> Fields.of(data.require(name))).orElse(data);
    }
}
