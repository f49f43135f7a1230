package loom.dispatch.simulator.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * The members of one guild as encoded JSON by user id, with random access. The gateway's lock
 * guards it.
 */
public final class GuildMembers {
    private record Entry(Json.Raw json, boolean roleOrNick) {}

    private final Map<String, Entry> byUser = new LinkedHashMap<>();
    private final List<String> userIds = new ArrayList<>();

    public int size() {
        return byUser.size();
    }

    public boolean has(String userId) {
        return byUser.containsKey(userId);
    }

    boolean hasRoleOrNick(String userId) {
        return byUser.get(userId).roleOrNick();
    }

    public void put(Map<String, Object> member) {
        String userId = Json.text(Json.child(member, "user"), "id");
        boolean known = member.get("nick") != null || !Json.array(member, "roles").isEmpty();
        Entry entry = new Entry(new Json.Raw(Json.bytes(member)), known);
        if (byUser.put(userId, entry) == null) {
            userIds.add(userId);
        }
    }

    public void remove(String userId) {
        byUser.remove(userId);
        userIds.remove(userId);
    }

    /** Returns a mutable copy of the member. */
    public Map<String, Object> get(String userId) {
        return Json.object(byUser.get(userId).json().bytes());
    }

    public Json.Raw raw(String userId) {
        return byUser.get(userId).json();
    }

    /** Returns a random user id; the bot's only if it is the only member. */
    public String any(RandomGenerator random) {
        return userIds.size() == 1
                ? userIds.getFirst()
                : userIds.get(random.nextInt(1, userIds.size()));
    }

    public List<String> userIds() {
        return userIds;
    }

    public void forEach(BiConsumer<String, Json.Raw> action) {
        byUser.forEach((userId, entry) -> action.accept(userId, entry.json()));
    }
}
