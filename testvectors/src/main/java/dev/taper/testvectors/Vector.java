package dev.taper.testvectors;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token and the decisions about it.
 *
 * @param title the title, which says what it shows
 * @param filename the name of its file, for {@link Vectors#token(String)}
 * @param blocks its blocks, the authority block first
 * @param validations authorizations of it
 */
public record Vector(
    String title, String filename, List<Block> blocks, List<Validation> validations) {
  /** Copies the lists. */
  public Vector {
    blocks = List.copyOf(blocks);
    validations = List.copyOf(validations);
  }

  /**
   * A block of the token.
   *
   * @param symbols the strings that the block adds to the token's table
   * @param publicKeys the keys that the block adds to the token's table, such as {@code
   *     ed25519/acdd…}
   * @param code what the block says, as Datalog text; null if it has eager operations, which have
   *     no text that all implementations read
   * @param version the version of Datalog that it declares
   */
  public record Block(
      List<String> symbols, List<String> publicKeys, @Nullable String code, int version) {
    /** Copies the lists. */
    public Block {
      symbols = List.copyOf(symbols);
      publicKeys = List.copyOf(publicKeys);
    }
  }

  /**
   * An authorization of the token.
   *
   * @param name what distinguishes it from the token's other authorizations; possibly empty
   * @param authorizerCode the authorizer, as Datalog text
   * @param facts every fact that held at the end, grouped by origin; empty if evaluation failed
   * @param expected how it ended
   * @param revocationIds the revocation identifiers of the blocks, in lower-case hexadecimal
   */
  public record Validation(
      String name,
      String authorizerCode,
      List<Facts> facts,
      ExpectedDecision expected,
      List<String> revocationIds) {
    /** Copies the lists. */
    public Validation {
      facts = List.copyOf(facts);
      revocationIds = List.copyOf(revocationIds);
    }
  }

  /**
   * Facts that came from the same blocks.
   *
   * @param origin the blocks that had a part in them, ascending; {@link
   *     ExpectedDecision.FailedCheck#AUTHORIZER} for the authorizer
   * @param facts the facts as Datalog text, sorted
   */
  public record Facts(List<Integer> origin, List<String> facts) {
    /** Copies the lists. */
    public Facts {
      origin = List.copyOf(origin);
      facts = List.copyOf(facts);
    }
  }

  /**
   * Returns the authorization with a given name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Validation validation(String name) {
    for (Validation validation : validations) {
      if (validation.name().equals(name)) {
        return validation;
      }
    }
    throw new IllegalArgumentException("no validation named \"" + name + "\" in " + filename);
  }
}
