package dev.taper.operations.findings;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is held back: a key, a whole task, or all of a delegator. As a line of a file it has its
 * name, perhaps {@code until=} with its end and {@code of=} with whose it is, and what was found.
 * Each issuer names delegators by itself, so a delegator is one of a root key: {@code ROOT} is the
 * first half of the SHA-256 of that key's text, in hexadecimal.
 *
 * @param name a public key, or {@code task/ROOT/DELEGATOR/TASK}, or {@code
 *     delegator/ROOT/DELEGATOR}
 * @param until when it ends: with the tokens that it is about, renewals included; null if a person
 *     has to end it
 * @param of {@code ROOT/DELEGATOR/TASK}, or of a delegator's entry {@code ROOT/DELEGATOR}; null if
 *     unknown
 * @param words what was found
 */
record HeldEntry(String name, @Nullable Instant until, @Nullable String of, String words) {
  static final String TASK = "task/";
  static final String DELEGATOR = "delegator/";

  private static final String UNTIL = "until=";
  private static final String OF = "of=";
  private static final int ROOT_BYTES = 16;
  private static final Pattern ROOT = Pattern.compile("[0-9a-f]{" + 2 * ROOT_BYTES + "}");
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

  /** Whose a chain is, as {@link #of} has it; null of one that is not verified. */
  static @Nullable String task(DelegationChain chain) {
    PublicKey root = chain.hops().get(0).signer();
    return root == null ? null : delegator(root, chain) + "/" + part(chain.task().id());
  }

  /** Who delegated a chain, under the root key that says so. */
  static String delegator(PublicKey root, DelegationChain chain) {
    byte[] digest = Digests.sha256(root.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, ROOT_BYTES) + "/" + part(chain.delegator());
  }

  private static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%3A", ":")
        .replace("%40", "@");
  }

  /** The delegator in {@link #of}, with its root; null if that is unknown. */
  @Nullable String delegator() {
    return of == null ? null : delegator(of);
  }

  /** The delegator of a task, as {@link #of} has both. */
  static String delegator(String of) {
    String[] parts = of.split("/", 3);
    return parts[0] + "/" + parts[1];
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
      of = parts(next[0], 2, 3);
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
      return TASK + parts(name.substring(TASK.length()), 3, 3);
    }
    if (name.startsWith(DELEGATOR)) {
      return DELEGATOR + parts(name.substring(DELEGATOR.length()), 2, 2);
    }
    return PublicKey.parse(name).validate().toString();
  }

  private static String parts(String text, int least, int most) {
    String[] parts = text.split("/", -1);
    boolean isRight =
        parts.length >= least && parts.length <= most && ROOT.matcher(parts[0]).matches();
    for (String part : parts) {
      isRight = isRight && PART.matcher(part).matches();
    }
    if (!isRight) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "it names no root key's digest, delegator and task");
    }
    return text;
  }
}
