package dev.taper.server.signin;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a person may do at the pages of a process. No role has another in it. */
public enum PersonRole {
  /** Sees what is going on. */
  VIEWER,
  /** Answers asks. */
  APPROVER,
  /** Decides in reviews. */
  REVIEWER,
  /** Revokes, and enrols agents. */
  OPERATOR;

  /** The name in files and JSON. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of a name; null if there is none. */
  public static @Nullable PersonRole of(String text) {
    for (PersonRole role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    return null;
  }
}
