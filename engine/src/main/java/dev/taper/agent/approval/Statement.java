package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.DecodedBlock;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a block states for or against calls: an approval, a refusal or a justification. The block's
 * context says that it is a statement, and one fact says what it states; its checks hold like those
 * of any block. It is good only for the holder to whom it was given: a token that was handed on has
 * to be approved or justified anew.
 */
public sealed interface Statement permits Approval, Refusal, Justification {
  /** What the statement says, in words for people. */
  String words();

  /**
   * Reads a block.
   *
   * @return what it states; null if its context does not say that it states anything
   * @throws TaperException {@link ErrorCode#PROFILE_VIOLATION} if its context says so and it is not
   *     of that form, or the wrong party signed it: a third party signs an approval or refusal, the
   *     holder a justification
   */
  static @Nullable Statement of(DecodedBlock block) {
    String context = block.block().context();
    if (context == null) {
      return null;
    }
    PublicKey key = block.externalKey();
    return switch (context) {
      case Approval.CONTEXT -> Approval.read(fact(block.block(), Approval.FACT), thirdParty(key));
      case Refusal.CONTEXT -> Refusal.read(fact(block.block(), Refusal.FACT), thirdParty(key));
      case Justification.CONTEXT -> {
        if (key != null) {
          throw violation("a justification by a third party");
        }
        yield Justification.read(fact(block.block(), Justification.FACT));
      }
      default -> null;
    };
  }

  private static PublicKey thirdParty(@Nullable PublicKey key) {
    if (key == null) {
      throw violation("an approval or refusal that no third party signed");
    }
    return key;
  }

  private static StatementTerms fact(Block block, String name) {
    List<Term> terms = null;
    for (Fact fact : block.facts()) {
      if (fact.predicate().name().equals(name)) {
        if (terms != null) {
          throw violation(name + " is stated twice");
        }
        terms = fact.predicate().terms();
      }
    }
    if (terms == null) {
      throw violation("the block states no " + name);
    }
    return new StatementTerms(name, terms);
  }

  private static TaperException violation(String what) {
    return new TaperException(ErrorCode.PROFILE_VIOLATION, what);
  }
}
