package loom.dispatch.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The guilds and people behind the gateway, and the means to make new ones. Guarded by the
 * gateway's lock.
 */
final class World {
    private final RandomGenerator random;
    private final Snowflakes ids;
    private final PeopleFactory people;
    private final ThingFactory things;
    private final Map<String, Object> botUser;
    private final GuildFactory factory;
    private final Map<String, Guild> guilds = new LinkedHashMap<>();
    private final int shards;

    World(SimulatorConfig config) {
        shards = config.shards();
        random = new SplittableRandom(config.seed());
        ids = new Snowflakes(random);
        people = new PeopleFactory(random, ids);
        things = new ThingFactory(random, ids, people);
        botUser = people.user(config.botId(), true);
        botUser.put("username", "gateway-bot");
        botUser.put("verified", true);
        botUser.put("mfa_enabled", true);
        botUser.put("email", null);
        botUser.put("flags", 0);
        factory = new GuildFactory(ids, people, things, config.guilds(), botUser);
        for (int shard = 0; shard < config.shards(); shard++) {
            for (int i = 0; i < config.guilds().perShard(); i++) {
                found(shard, config.shards());
            }
        }
    }

    /** Makes a further guild on the same shard. */
    Guild found(Guild like) {
        return found(Identity.shardOf(like.id(), shards), shards);
    }

    boolean sameShard(Guild one, Guild other) {
        return Identity.shardOf(one.id(), shards) == Identity.shardOf(other.id(), shards);
    }

    private Guild found(int shard, int count) {
        Guild guild = factory.make(shard, count);
        guilds.put(guild.id(), guild);
        return guild;
    }

    void leave(Guild guild) {
        guilds.remove(guild.id());
    }

    List<Guild> guilds() {
        return List.copyOf(guilds.values());
    }

    Guild guild(String id) {
        return guilds.get(id);
    }

    Map<String, Object> botUser() {
        return botUser;
    }

    String botId() {
        return Json.text(botUser, "id");
    }

    RandomGenerator random() {
        return random;
    }

    Snowflakes ids() {
        return ids;
    }

    PeopleFactory people() {
        return people;
    }

    ThingFactory things() {
        return things;
    }

    /** Any object of a collection; empty ones have none to give. */
    static <T> Optional<T> any(Map<String, T> objects, RandomGenerator random) {
        return objects.values().stream()
                .skip(objects.isEmpty() ? 0 : random.nextInt(objects.size()))
                .findFirst();
    }
}
