package dev.taper.agent.call;

import dev.taper.ErrorCode;

/** An absolute path of slash-separated segments, compared as it stands. */
final class PathValue {
  private PathValue() {}

  static String check(String path, String subject) {
    ErrorCode code = ErrorCode.AMBIGUOUS_PATH;
    if (!path.startsWith("/")) {
      throw Text.refuse(code, subject, "does not start with '/'");
    }
    Text.visible(path, code, subject);
    if (path.endsWith(" ")) {
      throw Text.refuse(code, subject, "has a space at an end");
    }
    Segments.check(path, 0, code, subject);
    return path;
  }
}
