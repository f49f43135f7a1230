package loom.dispatch.app.config;

import loom.dispatch.broker.SkippedEvent;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Selects the events that are published, by name. An event that is not published becomes a {@link
 * SkippedEvent}.
 *
 * <p>{@code EVENTS_ALLOW} and {@code EVENTS_DENY} are lists of patterns joined by commas. A pattern
 * is an event name in which {@code *} stands for any letters. Safe for use by any thread.
 */
public final class EventFilter {
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Z0-9_*]+");
    private static final Pattern NOTHING = Pattern.compile("(?!)");
    private static final Pattern EVERYTHING = Pattern.compile(".*", Pattern.DOTALL);

    /** Discord has about a hundred names. The limit keeps unknown names from filling the memory. */
    private static final int MOST_DECISIONS = 1_000;

    private final Pattern allowed;
    private final Pattern denied;
    private final Map<String, Boolean> decisions = new ConcurrentHashMap<>();

    private EventFilter(Pattern allowed, Pattern denied) {
        this.allowed = allowed;
        this.denied = denied;
    }

    /**
     * Creates a filter from two lists. An empty list of allowed events allows all. The denied list
     * overrides the allowed list.
     *
     * @throws IllegalArgumentException names the invalid pattern
     */
    public static EventFilter of(String allow, String deny) {
        return new EventFilter(pattern(allow, EVERYTHING), pattern(deny, NOTHING));
    }

    /** Returns whether events with this name are published. */
    public boolean admits(String event) {
        Boolean known = decisions.get(event);
        if (known != null) {
            return known;
        }
        boolean admitted = decide(event);
        if (decisions.size() < MOST_DECISIONS) {
            decisions.put(event, admitted);
        }
        return admitted;
    }

    private boolean decide(String event) {
        return allowed.matcher(event).matches() && !denied.matcher(event).matches();
    }

    private static Pattern pattern(String list, Pattern ifEmpty) {
        List<String> names =
                Stream.of(list.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
        for (String name : names) {
            if (!WELL_FORMED.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + name + "' is not a valid pattern");
            }
        }
        return names.isEmpty()
                ? ifEmpty
                : Pattern.compile(
                        names.stream()
                                .map(name -> name.replace("*", ".*"))
                                .collect(Collectors.joining("|")));
    }
}
