package dev.taper.server.issuer.enrol;

import dev.taper.operations.OperationException;
import dev.taper.server.oidc.Identity;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which workloads of a provider are which agents. A subject has at most one {@code *}, which stands
 * for one or more letters, digits, dots, hyphens or underscores: no separator, so that nobody who
 * chooses one part of a subject chooses another. The same text stands where the name has its {@code
 * *}. Immutable and thread-safe.
 *
 * @param issuer the provider
 * @param audience for whom the workload's token is
 * @param subject the subjects, such as {@code repo:acme/deploy:ref:refs/heads/main}
 * @param name what the agent is called, such as {@code agent:ci-*}
 * @param life how long an enrolment is good
 */
public record WorkloadRule(
    String issuer, String audience, String subject, String name, Duration life) {
  private static final Duration LONGEST = Duration.ofDays(90);

  /**
   * Checks the patterns.
   *
   * @throws OperationException {@code usage} if there are too many stars, only the name has one, or
   *     the name does not begin with {@code agent:}
   */
  public WorkloadRule {
    if (stars(subject) > 1 || stars(name) > stars(subject)) {
      throw OperationException.usage(
          "a workload's subject has one * at most, and its name one only beside that");
    }
    if (!name.startsWith(RequestedName.PREFIX)) {
      throw OperationException.usage("a workload is called such as agent:ci, not " + name);
    }
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST) > 0) {
      throw OperationException.usage("a workload's enrolment is good for 90d at most");
    }
  }

  private static long stars(String text) {
    return text.chars().filter(c -> c == '*').count();
  }

  /** What a workload is called; null if the rule is not about it. */
  @Nullable String nameOf(Identity identity) {
    if (!issuer.equals(identity.subject().issuer())) {
      return null;
    }
    int star = subject.indexOf('*');
    String id = identity.subject().id();
    if (star < 0) {
      return subject.equals(id) ? name : null;
    }
    Matcher parts =
        Pattern.compile(
                Pattern.quote(subject.substring(0, star))
                    + "([A-Za-z0-9._-]+)"
                    + Pattern.quote(subject.substring(star + 1)))
            .matcher(id);
    return parts.matches() ? name.replace("*", parts.group(1)) : null;
  }
}
