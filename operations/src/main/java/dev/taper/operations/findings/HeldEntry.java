package dev.taper.operations.findings;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.DelegationChain;
import dev.taper.crypto.PublicKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is held back: a key, a whole task, or all of a delegator. As a line of a file it has its
 * name, perhaps {@code until=} with its end and {@code of=} with whose it is, and what was found.
 *
 * @param name a public key, or {@code task/DELEGATOR/TASK}, or {@code delegator/DELEGATOR}
 * @param until when it ends: with the tokens that it is about, renewals included; null if a person
 *     has to end it
 * @param of {@code DELEGATOR/TASK}, or of a delegator's entry {@code DELEGATOR}; null if unknown
 * @param words what was found
 */
record HeldEntry(String name, @Nullable Instant until, @Nullable String of, String words) {
  static final String TASK = "task/";
  static final String DELEGATOR = "delegator/";

  private static final String UNTIL = "until=";
  private static final String OF = "of=";
  private static final Pattern PART = Pattern.compile("(?:[A-Za-z0-9.*_:@-]|%[0-9A-F]{2})+");

  /** The key to which a finding leads. */
  static HeldEntry of(Finding finding) {
    return of(finding.chain(), finding.hop().block(), finding.brief());
  }

  /**
   * The key of a hop, until the authority and what it can be renewed to have ended: as the issuer
   * set it. A holder can narrow its own token, and must not choose the end by that.
   */
  static HeldEntry of(DelegationChain chain, int hop, String words) {
    Instant end = chain.effectiveAuthorityAfter(0).expiry();
    Instant renewed = chain.hops().get(0).renewableUntil();
    return new HeldEntry(
        chain.hops().get(hop).holderKey().toString(),
        end == null || renewed == null || end.isAfter(renewed) ? end : renewed,
        task(chain),
        words);
  }

  /** Whose a chain is, as {@link #of} has it. */
  static String task(DelegationChain chain) {
    return part(chain.delegator()) + "/" + part(chain.task().id());
  }

  private static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%3A", ":")
        .replace("%40", "@");
  }

  /** The delegator in {@link #of}; null if that is unknown. */
  @Nullable String delegator() {
    return of == null ? null : of.split("/", 2)[0];
  }

  /** True if it is the entry of a name, or one that belongs to the task or delegator of a name. */
  boolean isWithin(String other) {
    return name.equals(other)
        || (TASK + of).equals(other)
        || (DELEGATOR + delegator()).equals(other);
  }

  /** One entry in place of several, as long as the longest of them. */
  HeldEntry covering(String newName, String newOf, Iterable<HeldEntry> others) {
    Instant end = until;
    for (HeldEntry other : others) {
      end = other.lastsAtLeast(end) ? other.until : end;
    }
    return new HeldEntry(newName, end, newOf, words);
  }

  /** True if it does not end before another end; null is the end of what a person has to end. */
  boolean lastsAtLeast(@Nullable Instant end) {
    return until == null || (end != null && !until.isBefore(end));
  }

  /** This entry with another end. */
  HeldEntry until(@Nullable Instant end) {
    return new HeldEntry(name, end, of, words);
  }

  /** True if it is over. */
  boolean isOver(Instant now) {
    return until != null && !now.isBefore(until);
  }

  /** The line, without its end. */
  String line() {
    return name
        + (until == null ? "" : " " + UNTIL + until)
        + (of == null ? "" : " " + OF + of)
        + " "
        + words;
  }

  /**
   * Reads a line.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} or a code of keys if it has no name
   */
  static HeldEntry read(String line) {
    String[] parts = line.strip().split(" ", 2);
    String name = checked(parts[0]);
    String rest = parts.length == 1 ? "" : parts[1];
    Instant until = null;
    String of = null;
    if (rest.startsWith(UNTIL)) {
      String[] next = rest.substring(UNTIL.length()).split(" ", 2);
      try {
        until = Instant.parse(next[0]);
      } catch (DateTimeException e) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "its end is no time");
      }
      rest = next.length == 1 ? "" : next[1];
    }
    if (rest.startsWith(OF)) {
      String[] next = rest.substring(OF.length()).split(" ", 2);
      of = parts(next[0], 2);
      rest = next.length == 1 ? "" : next[1];
    }
    return new HeldEntry(name, until, of, rest);
  }

  /**
   * Checks a name.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} or a code of keys if it is none
   */
  static String checked(String name) {
    if (name.startsWith(TASK)) {
      return TASK + parts(name.substring(TASK.length()), 2);
    }
    if (name.startsWith(DELEGATOR)) {
      return DELEGATOR + parts(name.substring(DELEGATOR.length()), 1);
    }
    return PublicKey.parse(name).validate().toString();
  }

  private static String parts(String text, int most) {
    String[] parts = text.split("/", -1);
    for (String part : parts) {
      if (parts.length > most || !PART.matcher(part).matches()) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "it names no delegator and task");
      }
    }
    return text;
  }
}
