package dev.taper.agent.call;

import dev.taper.ErrorCode;

/**
 * The name of a tool or an operation: segments of ASCII letters, digits, {@code _} and {@code -},
 * joined by single dots. Case counts. No other script is allowed, so no name can look like another.
 */
final class DottedName {
  /** The longest name, in characters, which are bytes here. */
  static final int MAX_LENGTH = 1024;

  private DottedName() {}

  static String check(String name, String subject) {
    if (name.isEmpty()) {
      throw Text.refuse(ErrorCode.INVALID_REQUEST, subject, "is empty");
    }
    if (name.length() > MAX_LENGTH) {
      throw Text.refuse(
          ErrorCode.INVALID_REQUEST, subject, "is longer than " + MAX_LENGTH + " bytes");
    }
    boolean segmentEmpty = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.') {
        if (segmentEmpty) {
          throw Text.refuse(
              ErrorCode.INVALID_REQUEST, subject, "has an empty segment at index " + i);
        }
        segmentEmpty = true;
      } else if (isNameChar(c)) {
        segmentEmpty = false;
      } else {
        throw Text.refuse(
            ErrorCode.INVALID_REQUEST,
            subject,
            "holds "
                + Text.name(name.codePointAt(i))
                + " at index "
                + i
                + "; only ASCII letters, digits, '_', '-' and '.' are allowed");
      }
    }
    if (segmentEmpty) {
      throw Text.refuse(ErrorCode.INVALID_REQUEST, subject, "ends with a dot");
    }
    return name;
  }

  private static boolean isNameChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
