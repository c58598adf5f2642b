package dev.taper.integrations.http;

import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** What a client dialled: method, origin and target. Thread-safe. */
final class Dialled {
  private final @Nullable SentHttp stated;
  private final @Nullable String targetField;

  /** What was dialled last, so that it is read once and not for each request. */
  private volatile @Nullable Last last;

  /**
   * A request to what somebody dialled.
   *
   * @param url as it was received
   */
  private record Last(String url, SentHttp head) {}

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
    FieldNames.check(request, targetField);
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
    String host = Fields.single(request, "host");
    if (host == null) {
      throw Fields.invalid("the request has no Host");
    }
    String url = (request.isSecure() ? "https://" : "http://") + host + "/";
    Last known = last;
    if (known == null || !known.url().equals(url)) {
      known = new Last(url, read(url));
      last = known;
    }
    return known.head();
  }

  private static SentHttp read(String url) throws RefusedException {
    try {
      URI read = new URI(url);
      if (url.equals(read.getScheme() + "://" + read.getRawAuthority() + "/")) {
        return SentHttp.of("GET", read);
      }
    } catch (URISyntaxException | TaperException e) {
      // as below
    }
    throw Fields.invalid("the request's Host is no authority");
  }
}
