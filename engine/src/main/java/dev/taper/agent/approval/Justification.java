package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.grant.ToolPattern;
import dev.taper.datalog.Block;
import dev.taper.datalog.Dates;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The holder's own block that says why it uses tools: {@code justification(tools, reason, from,
 * until)}. It activates grants for the holder, and for nobody to whom the token is handed on.
 * Immutable.
 *
 * @param tools for which tools
 * @param reason why, one line of visible text of at most 1 KiB
 * @param from the first instant at which it is good, a whole second
 * @param until the first instant at which it is no longer good, a whole second
 */
public record Justification(ToolPattern tools, String reason, Instant from, Instant until) {
  /** The context of its block. */
  private static final String CONTEXT = "taper/1 justification";

  private static final String FACT = "justification";
  private static final int TERMS = 4;

  /**
   * Checks the parts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for a reason that is not visible text,
   *     {@link ErrorCode#INVALID_ARGUMENT} for a window of less than a second or not of whole ones
   */
  public Justification {
    Canonical.reason(reason);
    if (!from.isBefore(until)
        || !from.equals(from.truncatedTo(ChronoUnit.SECONDS))
        || !until.equals(until.truncatedTo(ChronoUnit.SECONDS))) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the window of a justification has whole seconds, and at least one");
    }
  }

  /**
   * Makes a justification that is good from now on.
   *
   * @param tools a tool, or a prefix such as {@code jira.*}
   * @param reason why
   * @param window for how long
   * @param clock the holder's time
   * @throws TaperException as the constructor, or {@link ErrorCode#INVALID_ARGUMENT} for the tools,
   *     or a window that does not end by the year 9999
   */
  public static Justification of(String tools, String reason, Duration window, Clock clock) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new Justification(new ToolPattern(tools), reason, now, Dates.end(now, window));
  }

  /** How long its window is. */
  public Duration window() {
    return Duration.between(from, until);
  }

  /** The block that states it. */
  public Block block() {
    return Block.builder()
        .context(CONTEXT)
        .fact(
            FACT,
            new Term.Str(tools.text()),
            new Term.Str(reason),
            Term.Date.of(from),
            Term.Date.of(until))
        .build();
  }

  /**
   * Reads a block.
   *
   * @return what it justifies; null if its context does not say that it justifies anything
   * @throws TaperException {@link ErrorCode#PROFILE_VIOLATION} if its context says so and it is not
   *     of that form, or a third party signed it
   */
  public static @Nullable Justification of(Block.Decoded block) {
    if (!CONTEXT.equals(block.block().context())) {
      return null;
    }
    if (block.externalKey() != null) {
      throw violation("is by a third party");
    }
    List<Term> found = null;
    for (Fact fact : block.block().facts()) {
      if (fact.predicate().name().equals(FACT)) {
        if (found != null) {
          throw violation("is stated twice");
        }
        found = fact.predicate().terms();
      }
    }
    if (found == null || found.size() != TERMS) {
      throw violation("is not stated with its " + TERMS + " terms");
    }
    try {
      return new Justification(
          new ToolPattern(text(found.get(0))),
          text(found.get(1)),
          instant(found.get(2)),
          instant(found.get(3)));
    } catch (TaperException e) {
      throw violation("is not valid: " + e.getMessage());
    }
  }

  private static String text(Term term) {
    if (term instanceof Term.Str text) {
      return text.value();
    }
    throw violation("has something else where there must be text");
  }

  private static Instant instant(Term term) {
    if (term instanceof Term.Date date && Dates.isWritable(date.seconds())) {
      return Instant.ofEpochSecond(date.seconds());
    }
    throw violation("has something else where there must be a date");
  }

  private static TaperException violation(String what) {
    return new TaperException(ErrorCode.PROFILE_VIOLATION, "a justification " + what);
  }

  /** What it says, in words for people. */
  public String words() {
    return "justifies " + tools + ", from " + from + " until " + until + ": \"" + reason + "\"";
  }
}
