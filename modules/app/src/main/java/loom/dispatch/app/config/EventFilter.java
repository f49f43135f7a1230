package loom.dispatch.app.config;

import loom.dispatch.broker.SkippedEvent;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which events are published, by name; an event that is not becomes a {@link SkippedEvent}.
 *
 * <p>Any thread; judges each name once. A pattern is an event name in which {@code *} stands for
 * any letters; {@code EVENTS_ALLOW} and {@code EVENTS_DENY} are lists of them separated by commas.
 */
public final class EventFilter {
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Z0-9_*]+");
    private static final Pattern NOTHING = Pattern.compile("(?!)");
    private static final Pattern EVERYTHING = Pattern.compile(".*", Pattern.DOTALL);

    /** Discord has some hundred names; one that is made up must not fill the memory. */
    private static final int MOST_JUDGED = 1_000;

    private final Pattern allowed;
    private final Pattern denied;
    private final Map<String, Boolean> judged = new ConcurrentHashMap<>();

    private EventFilter(Pattern allowed, Pattern denied) {
        this.allowed = allowed;
        this.denied = denied;
    }

    /**
     * Reads the two lists; an empty list of allowed ones allows all, and denied wins.
     *
     * @throws IllegalArgumentException naming the pattern that is none
     */
    public static EventFilter of(String allow, String deny) {
        return new EventFilter(pattern(allow, EVERYTHING), pattern(deny, NOTHING));
    }

    /** Whether an event of that name is published. */
    public boolean admits(String event) {
        Boolean known = judged.get(event);
        if (known != null) {
            return known;
        }
        boolean admitted = judge(event);
        if (judged.size() < MOST_JUDGED) {
            judged.put(event, admitted);
        }
        return admitted;
    }

    private boolean judge(String event) {
        return allowed.matcher(event).matches() && !denied.matcher(event).matches();
    }

    private static Pattern pattern(String list, Pattern ifEmpty) {
        List<String> names =
                Stream.of(list.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
        for (String name : names) {
            if (!WELL_FORMED.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + name + "' is no pattern of event names");
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
