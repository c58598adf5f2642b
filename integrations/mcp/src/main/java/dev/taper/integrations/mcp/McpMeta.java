package dev.taper.integrations.mcp;

import dev.taper.agent.call.Credentials;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The member {@code _meta} of a message's parameters, and what of it is ours. Thread-safe. */
public final class McpMeta {
  /** The member of the parameters, or of a result. */
  public static final String MEMBER = "_meta";

  /** The token, in base64url. */
  public static final String TOKEN = "dev.taper/token";

  /** The holder's proof, in base64url. */
  public static final String PROOF = "dev.taper/proof";

  /** An array of approvals, each in base64url. */
  public static final String APPROVALS = "dev.taper/approvals";

  /** Of a result: the refusal. */
  public static final String REFUSAL = "dev.taper/refusal";

  private static final String AMBIGUOUS = "dev.taper/ambiguous";

  /**
   * Marks parameters of which nobody has read more than what a refusal needs. Its value is the
   * refusal, a {@link HttpRefusal}, which no client can send.
   */
  public static final String UNREAD = "dev.taper/unread";

  /** The member of parameters that asks for a result of another form, which is not carried. */
  public static final String TASK = "task";

  private static final String OURS = "dev.taper/";
  private static final String PROTOCOL = "io.modelcontextprotocol/";
  private static final String TRACEPARENT = "traceparent";

  /** Of the version that is known: two digits, 32, 16 and two, with lines between. */
  private static final int LONGEST_TRACEPARENT = 55;

  private static final Set<String> FORWARDED =
      Set.of("progressToken", TRACEPARENT, "tracestate", "baggage");

  /** The revision of a request that has no session. */
  public static final String VERSION = PROTOCOL + "protocolVersion";

  /** What the client of such a request can do. */
  public static final String CAPABILITIES = PROTOCOL + "clientCapabilities";

  private McpMeta() {}

  /** A copy of the member; empty if there is none, or it is no object. */
  public static Map<String, @Nullable Object> members(Map<String, ?> params) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (params.get(MEMBER) instanceof Map<?, ?> given) {
      given.forEach((name, value) -> members.put(String.valueOf(name), value));
    }
    return members;
  }

  /** True for parameters of a request that has no session. */
  public static boolean hasVersion(@Nullable Map<String, ?> params) {
    return params != null
        && params.get(MEMBER) instanceof Map<?, ?> meta
        && meta.containsKey(VERSION);
  }

  /** The revision that a request names; null if it names none. */
  public static @Nullable Object version(@Nullable Map<String, ?> params) {
    return params != null && params.get(MEMBER) instanceof Map<?, ?> meta
        ? meta.get(VERSION)
        : null;
  }

  /** What an error says more, without a refusal: nobody but the guard refuses anything. */
  public static @Nullable Object withoutRefusal(@Nullable Object data) {
    if (!(data instanceof Map<?, ?> members) || !members.containsKey(REFUSAL)) {
      return data;
    }
    Map<Object, @Nullable Object> rest = new LinkedHashMap<>(members);
    rest.remove(REFUSAL);
    return rest;
  }

  /** What a strict reader leaves in place of parameters that have more than one reading. */
  public static Map<String, Object> ambiguous() {
    return Map.of(AMBIGUOUS, true);
  }

  /**
   * True if parameters are marked as {@link #UNREAD}, or a client marked its own: then the message
   * is refused, whatever its token is worth.
   *
   * @param params its parameters, with {@code _meta}; null for none
   */
  public static boolean isUnread(@Nullable Map<String, ?> params) {
    return params != null
        && params.get(MEMBER) instanceof Map<?, ?> meta
        && meta.containsKey(UNREAD);
  }

  /** Why a message is refused of which only the outline was read; null if a client marked it. */
  static @Nullable HttpRefusal unread(Map<String, ?> params) {
    return params.get(MEMBER) instanceof Map<?, ?> meta
            && meta.get(UNREAD) instanceof HttpRefusal refusal
        ? refusal
        : null;
  }

  /**
   * Takes what a message presents.
   *
   * @param params its parameters, with {@code _meta}
   * @throws RefusedException 401 without a token, or for what is no base64url; 400 if a member is
   *     not what it must be; 431 if it is too long
   */
  public static Credentials credentials(Map<String, ?> params) throws RefusedException {
    Map<String, @Nullable Object> meta = of(params);
    if (meta.containsKey(AMBIGUOUS)) {
      throw invalid("the message has a name twice, or is too deep");
    }
    String token = text(meta, TOKEN, "the token");
    String proof = text(meta, PROOF, "the proof");
    List<String> approvals = new ArrayList<>();
    Object given = meta.get(APPROVALS);
    if (given instanceof List<?> elements) {
      for (Object element : elements) {
        if (!(element instanceof String approval)) {
          throw invalid("an approval is no string");
        }
        approvals.add(approval);
      }
    } else if (given != null) {
      throw invalid("the approvals are no array of strings");
    }
    if (token == null) {
      throw new RefusedException(HttpRefusal.of(401, "token_required", null));
    }
    return CredentialFields.checked(token, proof, approvals);
  }

  /**
   * The trace that a message names: the values of {@code traceparent}, as of a field of HTTP.
   * Nobody signed it: whoever sends the message chooses it.
   *
   * @param params its parameters, with {@code _meta}; null for none
   * @return one text, no longer than such a field is, or nothing
   */
  public static List<String> traceparent(@Nullable Map<String, ?> params) {
    Object meta = params == null ? null : params.get(MEMBER);
    Object value = meta instanceof Map<?, ?> members ? members.get(TRACEPARENT) : null;
    return value instanceof String text && text.length() <= LONGEST_TRACEPARENT
        ? List.of(text)
        : List.of();
  }

  private static @Nullable String text(
      Map<String, @Nullable Object> meta, String name, String subject) throws RefusedException {
    Object value = meta.get(name);
    if (value instanceof String || (value == null && !meta.containsKey(name))) {
      return (String) value;
    }
    throw invalid(subject + " is no string");
  }

  /** The member itself; empty if there is none. */
  private static Map<String, @Nullable Object> of(Map<String, ?> params) throws RefusedException {
    return params.containsKey(MEMBER) ? object(params.get(MEMBER), "_meta") : new LinkedHashMap<>();
  }

  /**
   * Takes a JSON object for what it is.
   *
   * @throws RefusedException 400 if it is none
   */
  static Map<String, @Nullable Object> object(@Nullable Object value, String subject)
      throws RefusedException {
    if (!(value instanceof Map<?, ?> map)) {
      throw invalid(subject + " is no object");
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!(member.getKey() instanceof String name)) {
        throw invalid("a name in " + subject + " is no string");
      }
      object.put(name, member.getValue());
    }
    return object;
  }

  static RefusedException invalid(String detail) {
    return new RefusedException(HttpRefusal.of(400, "invalid_request", detail));
  }

  /**
   * What of it a handler gets: what the protocol itself knows, and nothing of ours.
   *
   * @throws RefusedException 400 if {@code _meta} is no object
   */
  public static Map<String, @Nullable Object> forwarded(Map<String, ?> params)
      throws RefusedException {
    Map<String, @Nullable Object> meta = of(params);
    meta.keySet().removeIf(name -> !FORWARDED.contains(name) && !name.startsWith(PROTOCOL));
    return meta;
  }

  /**
   * Parameters without what is ours, everything else as it is.
   *
   * @param params parameters, or a result
   * @throws RefusedException 400 if {@code _meta} is no object
   */
  public static Map<String, @Nullable Object> withoutOurs(Map<String, ?> params)
      throws RefusedException {
    Map<String, @Nullable Object> others = new LinkedHashMap<>(params);
    if (params.containsKey(MEMBER)) {
      Map<String, @Nullable Object> meta = of(params);
      meta.keySet().removeIf(name -> name.startsWith(OURS));
      others.put(MEMBER, meta);
      if (meta.isEmpty()) {
        others.remove(MEMBER);
      }
    }
    return others;
  }
}
