package dev.taper.authorizer;

import dev.taper.datalog.Check;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A check that did not hold.
 *
 * @param block the block that carries it, 0 for the authority block; empty for the authorizer
 * @param index its position among the checks there, from 0; in the part, if there are parts
 * @param check the check
 * @param part the {@linkplain PolicyPart part} of the policy set that carries it; null if the set
 *     has no parts, or a block carries it
 */
public record FailedCheck(OptionalInt block, int index, Check check, @Nullable String part) {
  /** The most characters of a check's text; a short token can hold a long text many times. */
  private static final int LONGEST = 4_096;

  /** The check as Datalog text; a very long one is cut short, with an ellipsis. */
  public String text() {
    return check.text(LONGEST);
  }

  /** Where the check stands, for people: {@code block 1}, {@code authorizer}, or its part. */
  public String place() {
    if (block.isPresent()) {
      return "block " + block.getAsInt();
    }
    return part == null ? "authorizer" : part;
  }
}
