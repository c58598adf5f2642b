package dev.taper.server.mcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the protocol itself says in {@code _meta}. Pure. */
public final class MessageMeta {
  /** The member of parameters and results. */
  public static final String META = "_meta";

  /** The revision of a request that has no session. */
  public static final String VERSION = "io.modelcontextprotocol/protocolVersion";

  /** What the client of such a request can do. */
  public static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

  private MessageMeta() {}

  /** True for parameters of a request that has no session. */
  public static boolean hasVersion(@Nullable Map<String, @Nullable Object> params) {
    return params != null
        && params.get(META) instanceof Map<?, ?> meta
        && meta.containsKey(VERSION);
  }

  /** The revision that a request names; null if it names none. */
  public static @Nullable Object version(@Nullable Map<String, @Nullable Object> params) {
    return params != null && params.get(META) instanceof Map<?, ?> meta ? meta.get(VERSION) : null;
  }
}
