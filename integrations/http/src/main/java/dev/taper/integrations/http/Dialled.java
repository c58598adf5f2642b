package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client dialled: method, origin and target. Thread-safe. */
final class Dialled {

  /**
   * Some handlers take one of these for the method, which nobody would have judged; and some read a
   * hyphen and an underscore alike.
   */
  private static final List<String> OTHER_METHODS =
      Stream.of("x-http-method-override", "x-http-method", "x-method-override")
          .flatMap(name -> spellings(name).stream())
          .toList();

  /** A name with each of its hyphens as it is, or as an underscore. */
  private static List<String> spellings(String name) {
    int hyphen = name.indexOf('-');
    if (hyphen < 0) {
      return List.of(name);
    }
    String start = name.substring(0, hyphen);
    return spellings(name.substring(hyphen + 1)).stream()
        .flatMap(rest -> Stream.of(start + '-' + rest, start + '_' + rest))
        .toList();
  }

  private final @Nullable SentHttp stated;
  private final @Nullable String targetField;

  /** The origin that was dialled last, so that it is checked once and not for each request. */
  private volatile @Nullable SentHttp last;

  private Dialled(@Nullable SentHttp stated, @Nullable String targetField) {
    this.stated = stated;
    this.targetField = targetField;
  }

  /** Without a proxy that changes anything. */
  static Dialled directly() {
    return new Dialled(null, null);
  }

  /**
   * By one origin that all clients dial, whatever {@code Host} says.
   *
   * @throws TaperException as {@link SentHttp#of(String, String, String)}
   */
  Dialled as(String origin) {
    return new Dialled(SentHttp.of("GET", origin, "/"), targetField);
  }

  /** With the target from a field in which a proxy says it. */
  Dialled targetFrom(String field) {
    return new Dialled(stated, field);
  }

  /** The request without its fields and content. */
  SentHttp head(IncomingRequest request) throws RefusedException {
    for (String field : OTHER_METHODS) {
      if (!request.field(field).isEmpty()) {
        throw Fields.invalid("the field " + field + " names another method");
      }
    }
    String target = request.target();
    if (targetField != null) {
      target = Fields.single(request, targetField);
      if (target == null) {
        throw Fields.invalid("the request does not come from the proxy");
      }
    }
    return origin(request).toSameOrigin(request.method(), target);
  }

  /** A request to the origin that was dialled. */
  private SentHttp origin(IncomingRequest request) throws RefusedException {
    if (stated != null) {
      return stated;
    }
    String origin = originOf(request);
    SentHttp known = last;
    if (known == null || !known.origin().equals(origin)) {
      known = checked(origin);
      last = known;
    }
    return known;
  }

  private static SentHttp checked(String origin) throws RefusedException {
    try {
      return SentHttp.of("GET", origin, "/");
    } catch (TaperException e) {
      if (e.code() == ErrorCode.AMBIGUOUS_URL) {
        throw noAuthority();
      }
      throw e;
    }
  }

  private static String originOf(IncomingRequest request) throws RefusedException {
    String host = Fields.single(request, "host");
    if (host == null) {
      throw Fields.invalid("the request has no Host");
    }
    String start = request.isSecure() ? "https://" : "http://";
    // What is spelled as proofs have it need not be read as a URL first, which takes a while.
    return isSpelled(host, request.isSecure()) ? start + host : respelled(start + host + "/");
  }

  /** True for small letters, digits, dots and hyphens, perhaps with a port that is no default. */
  private static boolean isSpelled(String host, boolean secure) {
    int colon = host.indexOf(':');
    int end = colon < 0 ? host.length() : colon;
    for (int i = 0; i < end; i++) {
      char c = host.charAt(i);
      if (!isDigit(c) && (c < 'a' || c > 'z') && c != '.' && c != '-') {
        return false;
      }
    }
    for (int i = end + 1; i < host.length(); i++) {
      if (!isDigit(host.charAt(i))) {
        return false;
      }
    }
    return end > 0 && (colon < 0 || !host.substring(colon).equals(secure ? ":443" : ":80"));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static String respelled(String url) throws RefusedException {
    try {
      return SentHttp.of("GET", new URI(url)).origin();
    } catch (URISyntaxException | TaperException e) {
      throw noAuthority();
    }
  }

  private static RefusedException noAuthority() {
    return Fields.invalid("the request's Host is no authority");
  }
}
