package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as its client dials it: method, scheme, authority, raw target, the fields that
 * say how to read the content, the content itself, and those header fields that mean something to
 * the service. Its parts are those that HTTP message signatures (RFC 9421) and {@code
 * Content-Digest} (RFC 9530) cover under the same names. Immutable and thread-safe; every method
 * that adds something returns a changed copy.
 */
public final class SentHttp implements SentCall {
  private static final int MAX_TARGET = 8 * 1024;
  private static final int MAX_FIELD = 4 * 1024;
  private static final int MAX_FIELDS = 32;
  private static final byte[] EMPTY = {};
  private static final Part NO_CONTENT = Part.of("content", EMPTY);
  private static final SortedMap<String, String> NO_FIELDS =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  private final String method;
  private final Origin origin;
  private final String target;
  private final @Nullable String contentType;
  private final @Nullable String contentEncoding;
  private final SortedMap<String, String> fields;
  private final byte @Nullable [] content; // null if only its digest is known
  private final Part contentPart;

  /** An origin in its one spelling, with the parts that all requests to it have in common. */
  private record Origin(String text, Part scheme, Part authority) {
    static Origin of(String text) {
      int schemeEnd = text.indexOf(':');
      return new Origin(
          text,
          Part.of("scheme", text.substring(0, schemeEnd)),
          Part.of("authority", text.substring(schemeEnd + 3)));
    }
  }

  private SentHttp(
      String method,
      Origin origin,
      String target,
      @Nullable String contentType,
      @Nullable String contentEncoding,
      SortedMap<String, String> fields,
      byte @Nullable [] content,
      Part contentPart) {
    this.method = method;
    this.origin = origin;
    this.target = target;
    this.contentType = contentType;
    this.contentEncoding = contentEncoding;
    this.fields = fields;
    this.content = content;
    this.contentPart = contentPart;
  }

  /**
   * Takes a request without content.
   *
   * @param method such as {@code GET}, as it is sent
   * @param origin scheme and authority as the client dials them, such as {@code
   *     https://jira.example.com}; in one spelling: lower case, no default port, no path
   * @param target path and query as they are sent, such as {@code /issues?limit=5}
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the method or target; {@link
   *     ErrorCode#AMBIGUOUS_URL} for the origin
   */
  public static SentHttp of(String method, String origin, String target) {
    return bare(method(method), Origin.of(origin(origin)), target(target));
  }

  /**
   * Takes another request without content to the same origin, which is not checked again.
   *
   * @param method as for {@link #of(String, String, String)}
   * @param target as for {@link #of(String, String, String)}
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the method or target
   */
  public SentHttp toSameOrigin(String method, String target) {
    return bare(method(method), origin, target(target));
  }

  private static SentHttp bare(String method, Origin origin, String target) {
    return new SentHttp(method, origin, target, null, null, NO_FIELDS, EMPTY, NO_CONTENT);
  }

  /**
   * Takes a request without content to a URL, as an HTTP client dials it.
   *
   * @param method as for {@link #of(String, String, String)}
   * @param url absolute, without user information; a fragment is never sent
   * @throws TaperException as {@link #of(String, String, String)}
   */
  public static SentHttp of(String method, URI url) {
    String scheme = url.getScheme();
    String authority = url.getRawAuthority();
    if (scheme == null || authority == null) {
      throw new TaperException(ErrorCode.INVALID_REQUEST, "the URL of the request is not absolute");
    }
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return of(method, Url.originOf(scheme + "://" + authority, "the URL"), path + query);
  }

  private static String method(String method) {
    boolean token = !method.isEmpty() && method.length() <= 32;
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      token &= (c >= 'A' && c <= 'Z') || c == '-';
    }
    if (!token) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the request's method is not a word of capital letters");
    }
    return method;
  }

  private static String origin(String origin) {
    String spelled = Url.originOf(origin, "the origin");
    if (!spelled.equals(origin)) {
      throw new TaperException(ErrorCode.AMBIGUOUS_URL, "the origin is not spelled " + spelled);
    }
    if (!origin.startsWith("http://") && !origin.startsWith("https://")) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the origin has another scheme than http and https");
    }
    return origin;
  }

  private static String target(String target) {
    if (!target.startsWith("/")) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST,
          "the request's target does not start with '/': other forms of targets are not taken");
    }
    if (target.length() > MAX_TARGET) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST,
          "the request's target is longer than " + MAX_TARGET + " bytes");
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\' || c == '"' || c == '<' || c == '>') {
        throw new TaperException(
            ErrorCode.INVALID_REQUEST,
            "the request's target holds " + Text.name(c) + ", which has to be escaped there");
      }
    }
    return target;
  }

  /**
   * Adds the content.
   *
   * @param contentType the value of {@code Content-Type} as it is sent; null without one
   * @param bytes the content after transfer coding, which is what {@code Content-Length} counts
   */
  public SentHttp content(@Nullable String contentType, byte[] bytes) {
    return ownContent(contentType, bytes.clone());
  }

  /**
   * Adds the content without copying it: the array is the request's own from now on, and whoever
   * changes it later changes what a handler may read of the request.
   *
   * @param contentType the value of {@code Content-Type} as it is sent; null without one
   * @param bytes the content after transfer coding
   */
  public SentHttp ownContent(@Nullable String contentType, byte[] bytes) {
    return with(contentType, bytes, Part.of("content", bytes));
  }

  private SentHttp with(@Nullable String type, byte @Nullable [] bytes, Part part) {
    String checked = type == null ? null : fieldValue("content-type", type);
    return new SentHttp(method, origin, target, checked, contentEncoding, fields, bytes, part);
  }

  /**
   * Adds a content of which only the digest is known, because somebody else has it: a proof can be
   * looked at all the same. Whoever has the content must refuse it unless it has that digest.
   *
   * @param contentType the value of {@code Content-Type} as it is sent; null without one
   * @param sha256 the SHA-256 digest of the content after transfer coding, such as {@code
   *     Content-Digest} has it
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no such digest
   */
  public SentHttp unseenContent(@Nullable String contentType, byte[] sha256) {
    if (sha256.length != Part.NOTHING.length) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "a SHA-256 digest has " + Part.NOTHING.length + " bytes");
    }
    if (Arrays.equals(sha256, Part.NOTHING)) {
      return ownContent(contentType, EMPTY);
    }
    return with(contentType, null, new Part("content", sha256.clone()));
  }

  /** Adds the value of {@code Content-Encoding} as it is sent. */
  public SentHttp contentEncoding(String value) {
    return new SentHttp(
        method,
        origin,
        target,
        contentType,
        fieldValue("content-encoding", value),
        fields,
        content,
        contentPart);
  }

  /**
   * Adds a header field that means something to the service.
   *
   * @param name of the field, in any case
   * @param value without white space at an end. A request that has the field several times must be
   *     refused: servers differ in which value they take
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no such name or value, was
   *     added before under any name with the same {@link #foldedName}, or is one of too many
   */
  public SentHttp field(String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(fields);
    String lower = fieldName(name);
    for (String other : fields.keySet()) {
      if (foldedName(other).equals(foldedName(lower))) {
        throw new TaperException(
            ErrorCode.INVALID_REQUEST, "the field " + lower + " is given twice");
      }
    }
    more.put(lower, fieldValue(lower, value));
    if (more.size() > MAX_FIELDS) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "a proof covers at most " + MAX_FIELDS + " fields");
    }
    return new SentHttp(
        method,
        origin,
        target,
        contentType,
        contentEncoding,
        Collections.unmodifiableSortedMap(more),
        content,
        contentPart);
  }

  /**
   * The one spelling of the name of a header field: in lower case.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if there can be no such field
   */
  public static String fieldName(String name) {
    boolean token = !name.isEmpty() && name.length() <= 128;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i); // before it is in lower case, where other scripts have letters, too
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      token &= letter || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    if (!token) {
      throw new TaperException(ErrorCode.INVALID_REQUEST, "there is no such header field");
    }
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * The name that a header field shares with all others that some servers cannot tell from it: they
   * make variables of names, in which a hyphen is an underscore. Any text is taken.
   *
   * @param name of the field, in any case
   * @return the name in lower case, with a hyphen for each underscore
   */
  public static String foldedName(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String fieldValue(String name, String value) {
    boolean visible = !value.isEmpty() && value.length() <= MAX_FIELD;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      visible &= c >= ' ' && c < 0x7f;
    }
    if (!visible || value.charAt(0) == ' ' || value.charAt(value.length() - 1) == ' ') {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST,
          "the field "
              + name
              + " is not visible ASCII text of at most "
              + MAX_FIELD
              + " characters without spaces at its ends");
    }
    return value;
  }

  /** The method. */
  public String method() {
    return method;
  }

  /** Scheme and authority, as the client dials them. */
  public String origin() {
    return origin.text();
  }

  /** The path and query, as they are sent. */
  public String target() {
    return target;
  }

  /** The value of {@code Content-Type}; null without one. */
  public @Nullable String contentType() {
    return contentType;
  }

  /** The value of {@code Content-Encoding}; null without one. */
  public @Nullable String contentEncoding() {
    return contentEncoding;
  }

  /** The fields that mean something, by their names in lower case. */
  public Map<String, String> fields() {
    return fields;
  }

  /** False if there is a content of which only the digest is known. */
  public boolean isContentSeen() {
    return content != null;
  }

  /**
   * A copy of the content; empty without one.
   *
   * @throws TaperException {@link ErrorCode#CONTENT_NOT_SEEN} if only its digest is known
   */
  public byte[] content() {
    return seen().clone();
  }

  /**
   * How many bytes the content has.
   *
   * @throws TaperException {@link ErrorCode#CONTENT_NOT_SEEN} if only its digest is known
   */
  public int contentLength() {
    return seen().length;
  }

  private byte[] seen() {
    byte[] bytes = content;
    if (bytes == null) {
      throw new TaperException(
          ErrorCode.CONTENT_NOT_SEEN,
          "what the request means depends on its content, which whoever decides does not see");
    }
    return bytes;
  }

  /** The SHA-256 digest of the content; not to be changed. */
  byte[] contentDigest() {
    return contentPart.digest();
  }

  @Override
  public SentCall.Form form() {
    return SentCall.Form.HTTP;
  }

  @Override
  public List<Part> parts() {
    return List.of(
        Part.of("method", method),
        origin.scheme(),
        origin.authority(),
        Part.of("target", target),
        Part.of("content_type", contentType),
        Part.of("content_encoding", contentEncoding),
        Part.of("fields", fieldsJson()),
        contentPart);
  }

  /** The fields as a JSON object in canonical form; empty without any. */
  private String fieldsJson() {
    if (fields.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("{");
    String separator = "";
    for (Map.Entry<String, String> field : fields.entrySet()) {
      out.append(separator);
      CanonicalJson.writeString(field.getKey(), out);
      out.append(':');
      CanonicalJson.writeString(field.getValue(), out);
      separator = ",";
    }
    return out.append('}').toString();
  }

  /** The method, origin and path; no query, field or content, which may be confidential. */
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return method
        + " "
        + origin.text()
        + (query < 0 ? target : target.substring(0, query + 1) + "…");
  }
}
