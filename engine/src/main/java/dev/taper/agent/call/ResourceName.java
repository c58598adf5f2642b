package dev.taper.agent.call;

import dev.taper.ErrorCode;

/**
 * The name of a resource: opaque text or a URI, compared as it stands. Web addresses, and all
 * others whose scheme implies a port, must be spelled as {@link Url} would write them.
 */
final class ResourceName {
  /** The longest name, in UTF-8 bytes. */
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
    boolean repaired = Scheme.isRepaired(scheme);
    if (repaired && !hasAuthority) {
      throw Text.refuse(CODE, subject, "has the scheme " + scheme + ", but no '//' after it");
    }
    if (hasAuthority && (repaired || Scheme.defaultPort(scheme) > 0)) {
      String origin = Url.parse(resource, CODE, subject).origin();
      boolean spelled =
          resource.startsWith(origin)
              && (resource.length() == origin.length()
                  || "/?#".indexOf(resource.charAt(origin.length())) >= 0);
      if (!spelled) {
        throw Text.refuse(CODE, subject, "is not spelled " + origin);
      }
    }
    return resource;
  }
}
