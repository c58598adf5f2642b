package dev.taper.agent.delegation;

import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.grant.Lifetime;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One block of a chain, as a step from one party to the next. Immutable and thread-safe.
 *
 * <p>Its checks are read only when somebody asks: deciding a call takes only the Datalog, and
 * reading the checks of a chain would cost as much as decoding it.
 */
public final class DelegationHop {
  /** What a step is. */
  public enum Mode {
    /** The delegator's grant to the first holder. */
    AUTHORITY,
    /** A hand-over to another holder. */
    DELEGATED,
    /** The holder goes on with a new key. */
    ROTATED,
    /** The holder narrows its own token. */
    NARROWED,
    /** A third party's block that the holder added. */
    THIRD_PARTY,
    /** Anyone who has the token adds a block. */
    BEARER;

    /** True if the step says who has the token from then on, not only what is left of it. */
    public boolean handsOn() {
      return this != NARROWED && this != THIRD_PARTY;
    }

    /** The mode in lower case. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Roughly the most characters of a block's words: few bytes can stand for a long text. */
  private static final int LONGEST = 16_384;

  private final int index;
  private final Mode mode;
  private final String grantor;
  private final @Nullable PublicKey signer;
  private final @Nullable String holder;
  private final PublicKey holderKey;
  private final Block block;
  private final @Nullable Justification justification;
  private final List<Budget> budgets;
  // Filled by the first use; a race only reads twice.
  private volatile @Nullable BudgetCounters counters;
  // Not kept for long, as a cache keeps this: what is read of a block can be larger than the block.
  private volatile @Nullable WeakReference<List<Caveat>> caveats;
  private @Nullable Instant expiry;
  private volatile boolean expiryRead; // set behind the expiry, and read before it

  DelegationHop(
      int index,
      Mode mode,
      String grantor,
      @Nullable PublicKey signer,
      @Nullable String holder,
      PublicKey holderKey,
      Block block,
      @Nullable Justification justification,
      List<Budget> budgets) {
    this.index = index;
    this.mode = mode;
    this.grantor = grantor;
    this.signer = signer;
    this.holder = holder;
    this.holderKey = holderKey;
    this.block = block;
    this.justification = justification;
    this.budgets = budgets;
  }

  /**
   * When the last renewal of the token ends at the latest, as its issuer says in the authority
   * block; null in other blocks, and if it says nothing of renewals.
   */
  public @Nullable Instant renewableUntil() {
    for (Fact fact : index == 0 ? block.facts() : List.<Fact>of()) {
      List<Term> terms = fact.predicate().terms();
      if (fact.predicate().name().equals("renewable")
          && terms.size() == 4
          && terms.get(2) instanceof Term.Date until) {
        return Instant.ofEpochSecond(until.seconds());
      }
    }
    return null;
  }

  /** The block's index, 0 for the authority block. */
  public int block() {
    return index;
  }

  /** What the step is. */
  public Mode mode() {
    return mode;
  }

  /**
   * Who signed the block: the delegator for block 0, then the holder before; {@code bearer} in a
   * bearer tail, the key's text for a third party.
   */
  public String grantor() {
    return grantor;
  }

  /** The key that signed the block, or null if the root key is not known. */
  public @Nullable PublicKey signer() {
    return signer;
  }

  /** Who holds the token after this step; null in a bearer tail. */
  public @Nullable String holder() {
    return holder;
  }

  /** The key that signs the next block. */
  public PublicKey holderKey() {
    return holderKey;
  }

  /** What the block's checks say, in order. */
  public List<Caveat> caveats() {
    WeakReference<List<Caveat>> kept = caveats;
    List<Caveat> known = kept == null ? null : kept.get();
    if (known == null) {
      known = Caveat.of(block);
      caveats = new WeakReference<>(known);
    }
    return known;
  }

  /** The block's context, or null. */
  public @Nullable String context() {
    return block.context();
  }

  /** The block's justification; null if it has none. */
  public @Nullable Justification justification() {
    return justification;
  }

  /** What all calls under the block may use up together. */
  public List<Budget> budgets() {
    return budgets;
  }

  /**
   * The counters of the budgets, in their order.
   *
   * @param issuer the name of the issuer that signed the block; null if its key stands for itself
   * @param key the key that signed the block
   * @param delegator whose authority it is
   */
  public List<String> counters(@Nullable String issuer, PublicKey key, String delegator) {
    BudgetCounters known = counters;
    if (known == null || !Objects.equals(known.issuer(), issuer)) {
      known =
          BudgetCounters.of(issuer, issuer == null ? key.toString() : issuer, delegator, budgets);
      counters = known;
    }
    return known.names();
  }

  /** The grants of the block; null if it names none and inherits them. */
  public @Nullable Grants grants() {
    return grants(caveats());
  }

  /** The first grants among caveats, or null. */
  static @Nullable Grants grants(List<Caveat> caveats) {
    for (Caveat caveat : caveats) {
      if (caveat instanceof Grants grants) {
        return grants;
      }
    }
    return null;
  }

  /** The earliest end that the block's checks name, however they are spelled; or null. */
  public @Nullable Instant expiry() {
    if (!expiryRead) {
      expiry = Lifetime.end(block);
      expiryRead = true;
    }
    return expiry;
  }

  /**
   * What the block says, in words; what is very long is cut short. It may say more than there is to
   * give: {@link DelegationChain#effectiveAuthorityAfter} tells what is left.
   */
  public String words() {
    return words(LONGEST);
  }

  /**
   * The same, cut short about where it is as long as is enough.
   *
   * @param enough about how many characters are wanted
   */
  public String words(int enough) {
    List<String> words = new ArrayList<>();
    if (justification != null) {
      words.add(justification.words());
    }
    int length = 0;
    for (Caveat caveat : caveats()) {
      if (length > enough) {
        words.add("…");
        break;
      }
      int room = Math.max(2, enough);
      words.add(ShortText.of(caveat.words(room), room));
      length += words.get(words.size() - 1).length();
    }
    String granted = words.isEmpty() ? "everything it had" : String.join(", ", words);
    // Behind a semicolon, so that no tool of a budget looks like one that is granted.
    StringBuilder all = new StringBuilder(granted);
    budgets.forEach(budget -> all.append("; ").append(budget.words()));
    return all.toString();
  }

  /**
   * What the block states, and what it leaves of the authority, in words: no block widens what it
   * was given.
   *
   * @param left what is left after the block
   * @param enough about how many characters are wanted; what is longer may be cut short
   */
  public String words(EffectiveAuthority left, int enough) {
    String words = left.words(enough);
    return justification == null ? words : justification.words() + "; leaves " + words;
  }

  /** Who holds the token after this step, in words. */
  public String holderName() {
    return holder == null ? "whoever bears the token" : holder;
  }
}
