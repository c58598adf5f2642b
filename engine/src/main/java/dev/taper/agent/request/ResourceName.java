package dev.taper.agent.request;

import dev.taper.ErrorCode;

/**
 * The name of a resource: opaque text or a URI, compared as it stands. Web addresses (any scheme
 * with a default port) must be spelled as {@link Url} would write them.
 */
final class ResourceName {
  /** In UTF-8 bytes. */
  static final int MAX_LENGTH = 1024;

  private static final ErrorCode CODE = ErrorCode.AMBIGUOUS_RESOURCE;

  private ResourceName() {}

  static String check(String resource, String subject) {
    Text.label(resource, MAX_LENGTH, CODE, subject);
    int colon = Scheme.end(resource, 0);
    if (colon < 0) {
      Segments.check(resource, 0, CODE, subject);
      return resource;
    }
    String scheme = resource.substring(0, colon);
    if (!scheme.equals(Scheme.lower(scheme))) {
      throw Text.refuse(CODE, subject, "has a scheme that is not in lower case");
    }
    boolean hasAuthority = resource.startsWith("//", colon + 1);
    Segments.check(resource, hasAuthority ? colon + 3 : colon + 1, CODE, subject);
    if (hasAuthority && Scheme.defaultPort(scheme) > 0) {
      Url url = Url.parse(resource, CODE, subject);
      if (!resource.startsWith(url.origin())) {
        throw Text.refuse(CODE, subject, "is not spelled as " + url.origin());
      }
    }
    return resource;
  }
}
