package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ShortText;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A grant or a condition: one check of a block, understood as far as it has a canonical shape. */
public sealed interface Caveat permits Grants, Condition, OpaqueCheck {
  /** The check that states the caveat. */
  Check check();

  /** The caveat in words. */
  String words();

  /**
   * The caveat in words, or the beginning of that: a short token can hold a long text many times.
   *
   * @param enough how many characters are enough, at least 2; what goes beyond may be left out,
   *     except a little that shows there is more
   */
  default String words(int enough) {
    return words();
  }

  /**
   * Reads a check. What is returned, other than an {@link OpaqueCheck}, compiles to the very same
   * check but for the names of variables, and for the spelling of a comparison with the time.
   */
  static Caveat of(Check check) {
    return Recogniser.read(check);
  }

  /**
   * Reads all checks of a block, in order. If the block has a scope of its own, its checks may see
   * facts of others, so all of them are opaque.
   */
  static List<Caveat> of(Block block) {
    List<Caveat> caveats = new ArrayList<>();
    for (Check check : block.checks()) {
      caveats.add(block.scopes().isEmpty() ? of(check) : new OpaqueCheck(check));
    }
    return List.copyOf(caveats);
  }

  /**
   * One point in which a call does not fit a grant or condition, for people and for reports.
   * Immutable and thread-safe.
   *
   * @param subject what it is about
   * @param argument the argument's name, if it is about one; else null
   * @param found what the call has, cut if it is long; null if it has nothing of the kind
   * @param wanted what was asked for, such as {@code jira.search} or {@code limit <= 50}, cut if it
   *     is very long
   */
  record Mismatch(
      Subject subject, @Nullable String argument, @Nullable String found, String wanted) {
    /** The most characters of what was asked for; nobody reads more. */
    static final int MAX_WANTED = 1024;

    /** The most characters of what the call has. */
    static final int MAX_FOUND = 101;

    /** What a mismatch is about. */
    public enum Subject {
      /** The tool. */
      TOOL,
      /** The operation. */
      OPERATION,
      /** The resource. */
      RESOURCE,
      /** One argument. */
      ARGUMENT,
      /** Which arguments there are. */
      ARGUMENTS,
      /** The time of the call. */
      TIME,
      /** The service that is called. */
      AUDIENCE,
      /** What the token is for. */
      TASK,
      /** How often the authority was handed on. */
      DEPTH,
      /** Who makes the call. */
      INVOKER,
      /** Where budgets are counted. */
      BUDGET_STORE,
      /** A justification by the holder. */
      JUSTIFICATION,
      /** An approval. */
      APPROVAL;

      /** The word, which is also the predicate of tools, operations and resources. */
      String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
      }
    }

    /** Cuts the texts to a length that can be shown. */
    public Mismatch {
      found = found == null ? null : ShortText.of(found, MAX_FOUND);
      wanted = ShortText.of(wanted, MAX_WANTED);
    }

    static Mismatch of(Subject subject, @Nullable String found, String wanted) {
      return new Mismatch(subject, null, found, wanted);
    }

    static Mismatch of(ConstraintBody constraint, CallFacts facts) {
      boolean all = constraint instanceof OnlyArguments;
      return new Mismatch(
          all ? Subject.ARGUMENTS : Subject.ARGUMENT,
          all ? null : constraint.argument(),
          constraint.found(facts),
          constraint.text(MAX_WANTED));
    }

    /** A sentence, such as {@code tool jira.delete is not among: jira.search}. */
    @Override
    public String toString() {
      String name = argument == null ? subject.text() : subject.text() + " " + argument;
      if (found == null) {
        return switch (subject) {
          // One may be there that is over, or for another call.
          case APPROVAL, JUSTIFICATION -> "no " + name + " counts for this call; needed: " + wanted;
          default -> "no " + name + " was given; needed: " + wanted;
        };
      }
      return switch (subject) {
        case TOOL, OPERATION, RESOURCE, AUDIENCE -> name + " " + found + " is not among: " + wanted;
        case ARGUMENTS -> name + " are " + found + "; needed: " + wanted;
        default -> name + " is " + found + "; needed: " + wanted;
      };
    }
  }
}
