package dev.taper.server.console.people;

import static dev.taper.server.signin.PersonRole.APPROVER;
import static dev.taper.server.signin.PersonRole.OPERATOR;
import static dev.taper.server.signin.PersonRole.REVIEWER;
import static dev.taper.server.signin.PersonRole.VIEWER;

import dev.taper.server.console.view.ViewRequest;
import dev.taper.server.signin.PersonRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which role may ask what. What is in no line here, nobody may ask. */
final class Rights {
  private static final Set<PersonRole> EVERYBODY = EnumSet.allOf(PersonRole.class);

  private static final List<Right> ALL =
      List.of(
          seeing(EVERYBODY, "pulse"),
          seeing(EVERYBODY, "trust"),
          seeing(EnumSet.of(VIEWER, APPROVER), "asks"),
          seeing(EnumSet.of(VIEWER, APPROVER), "asks", "*"),
          doing(Act.REFUSE, APPROVER, "answers"),
          seeing(EnumSet.of(VIEWER, REVIEWER, OPERATOR), "living"),
          seeing(EnumSet.of(VIEWER, REVIEWER, OPERATOR), "living", "*"),
          seeing(EnumSet.of(VIEWER, REVIEWER), "reviews"),
          seeing(EnumSet.of(VIEWER, REVIEWER), "reviews", "*"),
          doing(Act.REVIEW, REVIEWER, "reviews"),
          doing(Act.REVIEW, REVIEWER, "reviews", "*", "decisions"),
          doing(Act.REVOKE, OPERATOR, "revocations", "draft"),
          doing(Act.REVOKE, OPERATOR, "revocations"),
          seeing(EnumSet.of(VIEWER), "timeline"),
          seeing(EnumSet.of(VIEWER), "timeline", "*"),
          seeing(EnumSet.of(VIEWER), "tasks", "*"),
          seeing(EnumSet.of(VIEWER, OPERATOR), "health"));

  private static final List<String> PAGES =
      List.of("approvals", "living", "reviews", "timeline", "health");

  /**
   * A question, and who may ask it.
   *
   * @param act what it does; null if it only shows something
   */
  record Right(String method, List<String> path, Set<PersonRole> roles, @Nullable Act act) {
    Right {
      path = List.copyOf(path);
      roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    boolean has(Set<PersonRole> anybody) {
      return !Collections.disjoint(roles, anybody);
    }
  }

  private Rights() {}

  private static Right seeing(Set<PersonRole> roles, String... path) {
    return new Right("GET", List.of(path), roles, null);
  }

  private static Right doing(Act act, PersonRole role, String... path) {
    return new Right("POST", List.of(path), EnumSet.of(role), act);
  }

  /** The right to a question; null if nobody has it. */
  static @Nullable Right to(ViewRequest question) {
    for (Right right : ALL) {
      if (question.is(right.method, right.path.toArray(new String[0]))) {
        return right;
      }
    }
    return null;
  }

  /** Those of some pages that somebody may see. */
  static List<String> pages(Collection<String> shown, Set<PersonRole> roles) {
    List<String> pages = new ArrayList<>();
    for (String page : PAGES) {
      String question = page.equals("approvals") ? "asks" : page;
      boolean isSeen =
          ALL.stream()
              .anyMatch(
                  right ->
                      right.act == null
                          && right.path.equals(List.of(question))
                          && right.has(roles));
      if (isSeen && shown.contains(page)) {
        pages.add(page);
      }
    }
    return pages;
  }

  /** What somebody may do. */
  static Set<Act> acts(Set<PersonRole> roles) {
    Set<Act> acts = EnumSet.noneOf(Act.class);
    for (Right right : ALL) {
      if (right.act != null && right.has(roles)) {
        acts.add(right.act);
      }
    }
    return acts;
  }
}
