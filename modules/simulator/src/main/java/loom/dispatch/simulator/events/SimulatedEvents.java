package loom.dispatch.simulator.events;

import loom.dispatch.simulator.world.World;

import java.util.Map;

/** Lists all event types that the simulator can make. */
public final class SimulatedEvents {
    private SimulatedEvents() {}

    public static void register(
            World world, SimulatedEvent.Sink sink, Map<String, SimulatedEvent> happenings) {
        new UserActivityEvents(world, sink).register(happenings);
        new GuildEvents(world, sink).register(happenings);
        new GuildObjectEvents(world, sink).register(happenings);
        new ChannelEvents(world, sink).register(happenings);
        new ThreadEvents(world, sink).register(happenings);
        new MemberEvents(world, sink).register(happenings);
        new StatelessEvents(world, sink).register(happenings);
    }
}
