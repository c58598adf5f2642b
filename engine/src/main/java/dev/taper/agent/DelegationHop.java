package dev.taper.agent;

import dev.taper.agent.escalation.Statement;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One block of a chain, as a step from one party to the next.
 *
 * @param block the block's index, 0 for the authority block
 * @param mode what the step is
 * @param grantor who signed the block: the delegator for block 0, then the holder before; {@code
 *     bearer} in a bearer tail, the key's text for a third party
 * @param signer the key that signed the block, or null if the root key is not known
 * @param holder who holds the token after this step; null in a bearer tail
 * @param holderKey the key that signs the next block
 * @param caveats what the block's checks say, in order
 * @param context the block's context, or null
 * @param statement what the block says to wake a dormant grant, or against it; null if nothing
 */
public record DelegationHop(
    int block,
    Mode mode,
    String grantor,
    @Nullable PublicKey signer,
    @Nullable String holder,
    PublicKey holderKey,
    List<Caveat> caveats,
    @Nullable String context,
    @Nullable Statement statement) {
  /** What a step is. */
  public enum Mode {
    /** The delegator's grant to the first holder. */
    AUTHORITY,
    /** A hand-over to another holder. */
    DELEGATED,
    /** The holder narrows its own token. */
    NARROWED,
    /** A third party's block that the holder added. */
    THIRD_PARTY,
    /** Whoever has the token adds a block. */
    BEARER;

    /** The mode in lower case. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the list. */
  public DelegationHop {
    caveats = List.copyOf(caveats);
  }

  /** The grants of the block; null if it names none and inherits them. */
  public @Nullable Grants grants() {
    return Caveats.grants(caveats);
  }

  /** The earliest end that the block names, or null. */
  public @Nullable Instant expiry() {
    return Caveats.expiry(caveats);
  }

  /** What the block leaves of the authority, in words. */
  public String words() {
    List<String> words = new ArrayList<>();
    if (statement != null) {
      words.add(statement.words());
    }
    for (Caveat caveat : caveats) {
      words.add(caveat.words());
    }
    return words.isEmpty() ? "everything it had" : String.join(", ", words);
  }

  /** Who holds the token after this step, in words. */
  public String holderName() {
    return holder == null ? "whoever bears the token" : holder;
  }
}
