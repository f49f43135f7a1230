package loom.dispatch.simulator;

import java.util.Map;

/** Lists everything that can happen. */
final class Happenings {
    private Happenings() {}

    static void register(World world, Happening.Sink sink, Map<String, Happening> happenings) {
        new TrafficEvents(world, sink).register(happenings);
        new GuildEvents(world, sink).register(happenings);
        new OwnedEvents(world, sink).register(happenings);
        new ChannelEvents(world, sink).register(happenings);
        new ThreadEvents(world, sink).register(happenings);
        new MemberEvents(world, sink).register(happenings);
        new ForwardedEvents(world, sink).register(happenings);
    }
}
