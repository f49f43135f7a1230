package loom.dispatch.simulator.world;

import loom.dispatch.simulator.SimulatorConfig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Holds the simulated guilds and users, and the factories that create new ones. The gateway's lock
 * guards it.
 */
public final class World {
    private final RandomGenerator random;
    private final SnowflakeGenerator ids;
    private final UserFactory people;
    private final GuildObjectFactory things;
    private final Map<String, Object> botUser;
    private final GuildFactory factory;
    private final Map<String, Guild> guilds = new LinkedHashMap<>();
    private final int shards;

    public World(SimulatorConfig config) {
        shards = config.shards();
        random = new SplittableRandom(config.seed());
        ids = new SnowflakeGenerator(random);
        people = new UserFactory(random, ids);
        things = new GuildObjectFactory(random, ids, people);
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

    /** Creates another guild on the same shard. */
    public Guild found(Guild like) {
        return found(IdentifyRequest.shardOf(like.id(), shards), shards);
    }

    public boolean sameShard(Guild one, Guild other) {
        return IdentifyRequest.shardOf(one.id(), shards)
                == IdentifyRequest.shardOf(other.id(), shards);
    }

    private Guild found(int shard, int count) {
        Guild guild = factory.make(shard, count);
        guilds.put(guild.id(), guild);
        return guild;
    }

    public void leave(Guild guild) {
        guilds.remove(guild.id());
    }

    public List<Guild> guilds() {
        return List.copyOf(guilds.values());
    }

    public Guild guild(String id) {
        return guilds.get(id);
    }

    public Map<String, Object> botUser() {
        return botUser;
    }

    public String botId() {
        return Json.text(botUser, "id");
    }

    public RandomGenerator random() {
        return random;
    }

    public SnowflakeGenerator ids() {
        return ids;
    }

    public UserFactory people() {
        return people;
    }

    public GuildObjectFactory things() {
        return things;
    }

    /** Returns a random object of a collection; empty if the collection is empty. */
    public static <T> Optional<T> any(Map<String, T> objects, RandomGenerator random) {
        return objects.values().stream()
                .skip(objects.isEmpty() ? 0 : random.nextInt(objects.size()))
                .findFirst();
    }
}
