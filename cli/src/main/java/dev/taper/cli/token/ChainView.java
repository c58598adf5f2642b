package dev.taper.cli.token;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Room;
import dev.taper.crypto.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see of a delegation token.
 *
 * @param chain its chain
 * @param token the token itself
 * @param hops the steps in order
 * @param authority what is left after all steps
 * @param now what time it is
 */
record ChainView(
    DelegationChain chain,
    TokenView token,
    List<HopView> hops,
    EffectiveAuthority authority,
    Instant now) {
  private static final int KEY_DIGITS = 16;

  /** How many characters of words are told: a token has one copy of a text that it names often. */
  private static final int LONGEST = 16_384;

  ChainView {
    hops = List.copyOf(hops);
  }

  static ChainView of(DelegationChain chain, TokenView token, Instant now) {
    List<EffectiveAuthority> left = chain.effectiveAuthorities();
    List<List<Delegation.Warning>> warnings = chain.warnings(now);
    List<HopView> hops = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      DelegationHop hop = chain.hops().get(i);
      hops.add(
          new HopView(
              hop,
              token.blocks().get(i),
              i == 0
                  ? List.of()
                  : AuthorityChange.between(left.get(i - 1), left.get(i), hop.caveats()),
              warnings.get(i)));
    }
    return new ChainView(chain, token, hops, left.get(left.size() - 1), now);
  }

  /** When the authority ends, and how far that is away; null if it does not end. */
  @Nullable String end() {
    Instant expiry = authority.expiry();
    return expiry == null ? null : end(expiry);
  }

  /** An end, and how far it is away. */
  String end(Instant expiry) {
    return expiry + " (" + HumanTime.fromNow(expiry, now) + ")";
  }

  /** True if the authority has ended. */
  boolean isExpired() {
    Instant expiry = authority.expiry();
    return expiry != null && !now.isBefore(expiry);
  }

  /** An authority in words, of which many can be cut short. */
  static String words(EffectiveAuthority authority) {
    return ShortText.of(authority.words(LONGEST), LONGEST);
  }

  /** A key in short: enough to compare it with another one. */
  static String shortened(PublicKey key) {
    String text = key.toString();
    int end = text.indexOf('/') + 1 + KEY_DIGITS;
    return end >= text.length() ? text : text.substring(0, end) + "...";
  }

  /**
   * One step.
   *
   * @param hop the step
   * @param block its block
   * @param changes what it narrowed
   * @param warnings what is odd about it
   */
  record HopView(
      DelegationHop hop,
      TokenView.BlockView block,
      List<AuthorityChange> changes,
      List<Delegation.Warning> warnings) {
    HopView {
      changes = List.copyOf(changes);
      warnings = List.copyOf(warnings);
    }

    /** What the step names as granted: alternatives; empty if it inherits them. */
    List<Grant> grants() {
      Grants grants = hop.grants();
      return grants == null ? List.of() : grants.alternatives();
    }

    /** What all calls together may use up, as texts. */
    List<String> budgets() {
      return hop.budgets().stream().map(Budget::toString).toList();
    }

    /** These grants as texts, of which many can be cut short. */
    List<String> grantTexts() {
      Room room = new Room(LONGEST);
      return grants().stream().map(room::fit).toList();
    }

    /**
     * All else that has to hold, but for the end and what belongs to budgets, in words, of which
     * many can be cut short.
     */
    List<String> conditions() {
      Room room = new Room(LONGEST);
      List<String> words = new ArrayList<>();
      Grants grants = hop.grants();
      for (Caveat caveat : hop.caveats()) {
        boolean isElsewhere =
            caveat instanceof Condition condition
                && (condition.kind() == Condition.Kind.EXPIRY
                    || condition.kind() == Condition.Kind.BUDGET_STORE);
        if (!caveat.equals(grants) && !isElsewhere) {
          words.add(room.fit(caveat.words()));
        }
      }
      return words;
    }

    /** What kind of step it is, or what it states, in words. */
    String kind() {
      if (hop.justification() != null) {
        return hop.grantor() + " " + hop.justification().words();
      }
      return switch (hop.mode()) {
        case AUTHORITY -> "granted by " + hop.grantor();
        case DELEGATED -> "handed on by " + hop.grantor();
        case ROTATED -> "rotated to a new key by " + hop.grantor();
        case NARROWED -> "narrowed by " + hop.grantor();
        case THIRD_PARTY -> "signed by a third party, " + hop.grantor();
        case BEARER -> "made a bearer token by " + hop.grantor();
      };
    }
  }
}
