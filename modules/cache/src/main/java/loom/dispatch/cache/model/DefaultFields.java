package loom.dispatch.cache.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The fields that twilight-dispatch always wrote, with their values when Discord omits them. */
public final class DefaultFields {
    /**
     * Arrays of a guild whose elements have their own keys. They are empty in the value of the
     * guild.
     */
    public static final List<String> EMPTIED =
            List.of("channels", "roles", "emojis", "members", "presences", "voice_states");

    static final List<Map.Entry<String, byte[]>> GUILD =
            of(
                    "afk_channel_id=null",
                    "application_id=null",
                    "banner=null",
                    "channels=[]",
                    "description=null",
                    "discovery_splash=null",
                    "emojis=[]",
                    "features=[]",
                    "icon=null",
                    "large=false",
                    "members=[]",
                    "premium_progress_bar_enabled=false",
                    "presences=[]",
                    "roles=[]",
                    "rules_channel_id=null",
                    "splash=null",
                    "system_channel_id=null",
                    "threads=[]",
                    "unavailable=false",
                    "vanity_url_code=null",
                    "voice_states=[]");

    static final List<Map.Entry<String, byte[]>> ROLE =
            of("color=0", "hoist=false", "managed=false", "mentionable=false");

    static final List<Map.Entry<String, byte[]>> EMOJI =
            of("animated=false", "available=true", "managed=false", "require_colons=false");

    static final List<Map.Entry<String, byte[]>> MEMBER =
            of(
                    "communication_disabled_until=null",
                    "deaf=false",
                    "joined_at=null",
                    "mute=false",
                    "nick=null",
                    "pending=false",
                    "roles=[]");

    static final List<Map.Entry<String, byte[]>> PRESENCE = of("activities=[]", "client_status={}");

    static final List<Map.Entry<String, byte[]>> VOICE =
            of("self_stream=false", "self_video=false", "request_to_speak_timestamp=null");

    private DefaultFields() {}

    private static List<Map.Entry<String, byte[]>> of(String... fields) {
        List<Map.Entry<String, byte[]>> defaults = new ArrayList<>();
        for (String field : fields) {
            int sign = field.indexOf('=');
            defaults.add(
                    Map.entry(
                            field.substring(0, sign),
                            field.substring(sign + 1).getBytes(StandardCharsets.UTF_8)));
        }
        return List.copyOf(defaults);
    }
}
