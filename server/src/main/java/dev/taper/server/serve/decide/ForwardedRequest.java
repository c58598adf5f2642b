package dev.taper.server.serve.decide;

import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.findings.CallerAddress;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The request that a proxy asks about. Method, target and scheme come from fields that the proxy
 * overwrites in every request, all others from the client, as the proxy got them. It has no
 * content: the proxy says whether it drops it, or whoever gets it holds it against {@code
 * Content-Digest}. For one thread.
 *
 * @param question the proxy's own request
 * @param method the method that the client sent
 * @param target path and query that the client sent, no escape changed
 * @param isSecure whether the client dialled {@code https}
 * @param isDropped whether the proxy drops the content
 * @param address where the client connected from; null if that is not known, as of a Unix domain
 *     socket
 */
record ForwardedRequest(
    IncomingRequest question,
    String method,
    String target,
    boolean isSecure,
    boolean isDropped,
    @Nullable InetAddress address)
    implements IncomingRequest {
  /** The method that the client sent. */
  static final String METHOD = "Taper-Original-Method";

  /** Path and query that the client sent, no escape changed. */
  static final String TARGET = "Taper-Original-Target";

  /** {@code http} or {@code https}, as the client dialled. */
  static final String SCHEME = "Taper-Original-Scheme";

  /** {@code dropped} or {@code digest}: what becomes of the content. */
  static final String CONTENT = "Taper-Original-Content";

  /**
   * What announces content, where the proxy knows: its length or transfer coding. Absent, empty or
   * 0 if nothing does.
   */
  static final String LENGTH = "Taper-Original-Length";

  /** Where the client connected from, where the proxy says it. */
  static final String ADDRESS = "Taper-Original-Address";

  /**
   * Takes a proxy's question.
   *
   * @throws RefusedException 400 if a field of the proxy is missing, there twice or makes no sense
   */
  static ForwardedRequest of(IncomingRequest question) throws RefusedException {
    String scheme = once(question, SCHEME);
    String content = once(question, CONTENT);
    boolean isDropped = content.equals("dropped");
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw invalid("the field " + SCHEME + " is not http or https");
    }
    if (!isDropped && !content.equals("digest")) {
      throw invalid("the field " + CONTENT + " is not dropped or digest");
    }
    if (question.field(LENGTH).size() > 1) {
      throw invalid("the field " + LENGTH + " is there twice");
    }
    return new ForwardedRequest(
        question,
        once(question, METHOD),
        once(question, TARGET),
        scheme.equals("https"),
        isDropped,
        question.field(ADDRESS).isEmpty() ? null : CallerAddress.figures(once(question, ADDRESS)));
  }

  private static String once(IncomingRequest question, String field) throws RefusedException {
    List<String> values = question.field(field);
    if (values.size() != 1) {
      throw invalid("the field " + field + " is not there exactly once: is the proxy set up?");
    }
    return values.get(0);
  }

  private static RefusedException invalid(String detail) {
    return new RefusedException(400, "invalid_request", detail);
  }

  @Override
  public List<String> field(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (isDropped && lower.equals("content-digest")) {
      return List.of(); // it covers what the service does not get
    }
    List<String> said = lower.equals("content-length") ? question.field(LENGTH) : List.of();
    boolean announces = said.stream().anyMatch(one -> !one.isEmpty() && !one.equals("0"));
    return announces ? said : question.field(name); // whose own content may be none
  }

  @Override
  public Collection<String> fieldNames() {
    return question.fieldNames();
  }

  @Override
  public InputStream content() {
    return InputStream.nullInputStream();
  }
}
