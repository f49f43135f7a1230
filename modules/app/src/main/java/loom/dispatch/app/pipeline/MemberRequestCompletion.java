package loom.dispatch.app.pipeline;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.broker.Command;
import loom.dispatch.broker.CommandResult;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Fills in missing fields of a request for guild members, so that the shortest command suffices and
 * its chunks can be identified (protocol section 5.6).
 */
final class MemberRequestCompletion {
    /** The longest nonce. Discord drops a longer one, and sends the chunks without it. */
    private static final int NONCE_BYTES = 32;

    private MemberRequestCompletion() {}

    /** Reports a request that Discord would not answer as its sender expects. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;
        private final String where;

        private Unfit(String where, String what) {
            super(what);
            this.where = where;
        }

        CommandResult result() {
            return new CommandResult.Malformed(where, getMessage());
        }
    }

    /**
     * Returns the {@code d} of opcode 8. It adds the command's guild; all members, if there are
     * neither a query nor ids; and the correlation id as nonce, if there is no nonce and it fits.
     */
    static String complete(Command.RequestMembers request, String correlationId) throws Unfit {
        try {
            Map<String, Object> d = JSON.std.mapFrom(request.data());
            d.putIfAbsent("guild_id", request.guildId());
            if (!request.guildId().equals(d.get("guild_id"))) {
                throw new Unfit("data.guild_id", "is not the command's guild_id");
            }
            if (!d.containsKey("query") && !d.containsKey("user_ids")) {
                d.put("query", "");
            }
            if (d.containsKey("query")) {
                d.putIfAbsent("limit", 0);
            }
            if (!correlationId.isEmpty() && fits(correlationId)) {
                d.putIfAbsent("nonce", correlationId);
            }
            if (d.get("nonce") instanceof String nonce && !fits(nonce)) {
                throw new Unfit("data.nonce", "has more than " + NONCE_BYTES + " bytes");
            }
            return JSON.std.asString(d);
        } catch (IOException e) {
            throw new Unfit("data", "is no JSON object");
        }
    }

    private static boolean fits(String nonce) {
        return nonce.getBytes(StandardCharsets.UTF_8).length <= NONCE_BYTES;
    }
}
