package loom.dispatch.broker;

import java.util.concurrent.CompletionStage;

/** Does what workers ask. */
@FunctionalInterface
public interface CommandHandler {

    /**
     * Takes a command for a shard of this process. Called by one thread at a time; must not block.
     * The command is acknowledged when the stage completes, by any thread; a stage that fails puts
     * the command among the rejected ones.
     */
    CompletionStage<CommandResult> handle(Command command, CommandContext context);
}
