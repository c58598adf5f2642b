package dev.taper.authorizer;

import dev.taper.datalog.Check;
import java.util.OptionalInt;

/**
 * A check that did not hold.
 *
 * @param block the block that carries it, 0 for the authority block; empty for the authorizer
 * @param index its position among the checks there, from 0
 * @param check the check
 */
public record FailedCheck(OptionalInt block, int index, Check check) {
  /** The check as Datalog text. */
  public String text() {
    return check.toString();
  }

  /** Where the check stands, for people: {@code block 1} or {@code authorizer}. */
  public String place() {
    return block.isPresent() ? "block " + block.getAsInt() : "authorizer";
  }
}
