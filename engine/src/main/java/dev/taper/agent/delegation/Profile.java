package dev.taper.agent.delegation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.grant.Budget;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.token.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the delegation profile, version 1, that a token must keep besides being a valid
 * Biscuit. One walk along the chain checks them, before anything else reads the chain.
 */
final class Profile {
  /** What the authority block's context says: the profile and its version. */
  static final String CONTEXT = "taper/1";

  static final String DELEGATOR = "delegator";
  static final String HOLDER = "holder";
  static final String TASK = "task";
  static final String PURPOSE = "purpose";

  /** What is wrong with a {@code reject if}. */
  static final String REJECTS = "a block has a \"reject if\", which a token cannot have";

  private static final Set<String> STATED = Set.of(DELEGATOR, HOLDER, TASK, PURPOSE);
  private static final Set<String> UNDERIVED =
      Set.of(DELEGATOR, HOLDER, TASK, PURPOSE, Budget.PREDICATE);

  private final List<Block.Decoded> blocks;
  private final List<PublicKey> nextKeys;
  private final List<Integer> signatureVersions;
  private final Token.Kind kind;
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, PublicKey> keys = new HashMap<>();
  private final Map<PublicKey, String> names = new HashMap<>();
  private final Set<PublicKey> givenUp = new HashSet<>();
  private @Nullable String holder;
  private boolean bearer;
  private int budgetCount;

  /**
   * What the walk finds out about a block.
   *
   * @param named whom the block names as holder; null if nobody
   * @param rotated true if that is the holder before it, who goes on with another key
   * @param bearer true if anyone can hold the token after it
   * @param justification what it justifies; null if nothing
   * @param budgets what it bounds together
   */
  record Step(
      @Nullable String named,
      boolean rotated,
      boolean bearer,
      @Nullable Justification justification,
      List<Budget> budgets) {}

  private Profile(
      List<Block.Decoded> blocks,
      List<PublicKey> nextKeys,
      List<Integer> signatureVersions,
      Token.Kind kind) {
    this.blocks = blocks;
    this.nextKeys = nextKeys;
    this.signatureVersions = signatureVersions;
    this.kind = kind;
  }

  /**
   * Checks a chain.
   *
   * @return what there is to know of each block
   * @throws TaperException {@link ErrorCode#NOT_A_DELEGATION} for a token that does not claim the
   *     profile, {@link ErrorCode#PROFILE_VIOLATION} for one that breaks it
   */
  static List<Step> check(
      List<Block.Decoded> blocks,
      List<PublicKey> nextKeys,
      List<Integer> signatureVersions,
      Token.Kind kind) {
    if (!CONTEXT.equals(blocks.get(0).block().context())) {
      throw new TaperException(
          ErrorCode.NOT_A_DELEGATION,
          "the authority block's context is not \"" + CONTEXT + "\": not a delegation token");
    }
    return new Profile(blocks, nextKeys, signatureVersions, kind).walk();
  }

  private List<Step> walk() {
    // A plain Biscuit library made it: it signs with a key of its own making, not with a holder's.
    boolean plain = kind == Token.Kind.BEARER && signatureVersions.get(0) == 0;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i).block();
      checkPredicates(i, block);
      checkKinds(i, block);
      if (i == 0) {
        exactlyOne(block, DELEGATOR);
        exactlyOne(block, TASK);
        exactlyOne(block, HOLDER);
        atMostOne(0, block, PURPOSE);
      }
      // A bearer's key signs once; a holder, who signs a bearer tail's first block, signs often.
      boolean signsOnce = bearer;
      steps.add(step(i));
      signsOnce |= plain && (i == 0 || (i == 1 && bearer));
      if (!signsOnce && signatureVersions.get(i) != 1) {
        throw violation(i, "a held chain needs signatures of version 1");
      }
    }
    if (bearer && kind == Token.Kind.HELD) {
      throw violation(blocks.size() - 1, "a bearer token cannot become a held one again");
    }
    return List.copyOf(steps);
  }

  private void checkPredicates(int index, Block block) {
    for (Rule rule : block.rules()) {
      String name = rule.head().name();
      if (CallFacts.isReserved(name) || UNDERIVED.contains(name)) {
        throw violation(index, "a rule derives " + name);
      }
    }
    for (Fact fact : block.facts()) {
      String name = fact.predicate().name();
      if (CallFacts.isReserved(name)) {
        throw violation(index, "only a verifier may state " + name);
      }
      if (STATED.contains(name)) {
        checkStated(index, fact);
      }
    }
  }

  /**
   * Refuses {@code reject if}: a block does not see the service's own facts and would pass them
   * over.
   */
  private static void checkKinds(int index, Block block) {
    for (Check check : block.checks()) {
      if (check.kind() == Check.Kind.REJECT) {
        throw violation(index, REJECTS);
      }
    }
  }

  private void checkStated(int index, Fact fact) {
    String name = fact.predicate().name();
    List<Term> terms = fact.predicate().terms();
    if (terms.size() != 1 || !(terms.get(0) instanceof Term.Str text)) {
      throw violation(index, name + " takes one string");
    }
    if (index > 0 && !name.equals(HOLDER)) {
      throw violation(index, "only the authority block may state " + name);
    }
    try {
      if (name.equals(PURPOSE)) {
        Canonical.text(text.value(), "it");
      } else {
        Canonical.name(text.value(), "it");
      }
    } catch (TaperException e) {
      throw violation(index, name + ": " + e.getMessage());
    }
  }

  private Step step(int index) {
    Block.Decoded block = blocks.get(index);
    String named = atMostOne(index, block.block(), HOLDER);
    PublicKey next = nextKeys.get(index);
    boolean keepsKey = index > 0 && next.equals(nextKeys.get(index - 1));
    if (block.externalKey() != null && named != null) {
      throw violation(index, "a third party's block names a holder");
    }
    if (givenUp.contains(next)) {
      throw violation(index, "a key returns that its holder gave up in a rotation");
    }
    boolean rotated = false;
    if (named == null) {
      bearer |= !keepsKey;
    } else if (bearer) {
      throw violation(index, "a holder is named after the chain became a bearer token");
    } else {
      rotated = bind(index, named, next);
    }
    return new Step(named, rotated, bearer, checkJustification(index, named), budgets(index));
  }

  private @Nullable Justification checkJustification(int index, @Nullable String named) {
    Justification justification;
    try {
      justification = Justification.of(blocks.get(index));
    } catch (TaperException e) {
      throw violation(index, String.valueOf(e.getMessage()));
    }
    if (justification != null && named != null) {
      throw violation(index, "a justification hands the token on");
    }
    return justification;
  }

  /** The budgets of a block, which a holder or the issuer signs; nobody else could be counted. */
  private List<Budget> budgets(int index) {
    List<Budget> budgets;
    try {
      budgets = Budget.of(blocks.get(index).block());
    } catch (TaperException e) {
      throw violation(index, String.valueOf(e.getMessage()));
    }
    if (!budgets.isEmpty() && (bearer || blocks.get(index).externalKey() != null)) {
      throw violation(index, "a bearer or a third party states a budget");
    }
    budgetCount += budgets.size();
    if (budgetCount > Budget.MAX) {
      throw violation(index, "there are more than " + Budget.MAX + " budgets");
    }
    return budgets;
  }

  /**
   * Binds one name to one key, and one key to one name: otherwise nobody could say who acted. Only
   * the present holder can go on with another key, and gives the old one up.
   *
   * @return true if it does
   */
  private boolean bind(int index, String named, PublicKey key) {
    PublicKey known = keys.put(named, key);
    boolean rotated = known != null && !known.equals(key);
    if (rotated && !named.equals(holder)) {
      throw violation(index, named + " has two keys in one chain");
    }
    String name = names.putIfAbsent(key, named);
    if (name != null && !name.equals(named)) {
      throw violation(index, "one key has two names in one chain: " + name + " and " + named);
    }
    if (rotated) {
      givenUp.add(known);
    }
    holder = named;
    return rotated;
  }

  private static void exactlyOne(Block authority, String name) {
    if (atMostOne(0, authority, name) == null) {
      throw violation(0, "the authority block states no " + name);
    }
  }

  private static @Nullable String atMostOne(int index, Block block, String name) {
    String found = null;
    for (Fact fact : block.facts()) {
      if (fact.predicate().name().equals(name)) {
        if (found != null) {
          throw violation(index, name + " is stated twice");
        }
        found = text(fact);
      }
    }
    return found;
  }

  /** The text that a block states under a name, or null. */
  static @Nullable String stated(Block block, String name) {
    return atMostOne(0, block, name);
  }

  private static String text(Fact fact) {
    return fact.predicate().terms().get(0) instanceof Term.Str text ? text.value() : "";
  }

  private static TaperException violation(int index, String what) {
    return new TaperException(ErrorCode.PROFILE_VIOLATION, "block " + index + ": " + what);
  }
}
