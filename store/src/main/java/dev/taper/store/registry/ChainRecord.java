package dev.taper.store.registry;

import dev.taper.ShownText;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.ToolPattern;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The registry's record of a chain: one row for each hop, rotations included. Blocks that a holder
 * adds to its own token (narrowing, approvals, justifications) hand nothing on; revoking one of
 * them ends the next row.
 */
record ChainRecord(List<Row> rows) {
  /** A pattern for any tool; no tool has this name. */
  static final String ANY_TOOL = "*";

  /** A holder can name any number of tools: a row with more of them than this has any tool. */
  static final int MAX_TOOLS = 64;

  private static final int MAX_WORDS = 4096;

  /** One hop. */
  record Row(
      String id,
      @Nullable String parent,
      int level,
      int depth,
      String delegator,
      String grantor,
      @Nullable String holder,
      PublicKey holderKey,
      String task,
      @Nullable String purpose,
      String granted,
      @Nullable PublicKey rootKey,
      Fingerprint fingerprint,
      @Nullable Instant endsAt,
      Set<String> tools,
      List<Fingerprint> standsOn,
      @Nullable Fingerprint lastHolder) {
    /** How many rows of the database it takes. */
    int size() {
      return 1 + tools.size() + standsOn.size() + (lastHolder == null ? 0 : 1);
    }
  }

  /**
   * Makes the record of a chain.
   *
   * @param chain the chain
   * @param revocationKeys for each block, the bytes to revoke it by
   * @param rootKey the key that signed the first block; null if it is not known
   */
  static ChainRecord of(
      DelegationChain chain, List<byte[]> revocationKeys, @Nullable PublicKey rootKey) {
    List<Row> rows = new ArrayList<>();
    List<EffectiveAuthority> scopes = chain.effectiveAuthorities();
    List<Fingerprint> standsOn = new ArrayList<>();
    standsOn.add(Fingerprint.ofTask(chain.task().id()));
    standsOn.add(Fingerprint.ofDelegator(chain.delegator()));
    if (rootKey != null) {
      standsOn.add(Fingerprint.ofRoot(rootKey));
    }
    String parent = null;
    for (int i = 0; i < revocationKeys.size(); i++) {
      DelegationHop hop = chain.hops().get(i);
      Fingerprint block = Fingerprint.ofBlock(revocationKeys.get(i));
      standsOn.add(block);
      if (hop.mode() == DelegationHop.Mode.THIRD_PARTY) {
        standsOn.add(Fingerprint.ofHolder(PublicKey.parse(hop.grantor())));
      }
      if (!hop.mode().handsOn()) {
        continue;
      }
      standsOn.add(Fingerprint.ofHolder(hop.holderKey()));
      EffectiveAuthority scope = scopes.get(i);
      String id = id(revocationKeys.get(i));
      rows.add(
          new Row(
              id,
              parent,
              i,
              rows.size(),
              chain.delegator(),
              hop.grantor(),
              hop.holder(),
              hop.holderKey(),
              chain.task().id(),
              shown(chain.task().purpose()),
              ShortText.of(ShownText.escaped(scope.words(MAX_WORDS)), MAX_WORDS),
              rootKey,
              block,
              scope.expiry(),
              tools(scope),
              List.copyOf(standsOn),
              hop.holder() == null ? null : Fingerprint.ofLastHolder(hop.holderKey())));
      parent = id;
      standsOn.clear();
    }
    return new ChainRecord(List.copyOf(rows));
  }

  /** How many rows of the database it takes. */
  int size() {
    return rows.stream().mapToInt(Row::size).sum();
  }

  /** Returns the ids of the rows of a chain, without computing the rest. */
  static List<String> ids(DelegationChain chain, List<byte[]> revocationKeys) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < revocationKeys.size(); i++) {
      if (chain.hops().get(i).mode().handsOn()) {
        ids.add(id(revocationKeys.get(i)));
      }
    }
    return ids;
  }

  private static String id(byte[] revocationKey) {
    return HexFormat.of().formatHex(Digests.sha256(revocationKey));
  }

  private static Set<String> tools(EffectiveAuthority scope) {
    Set<String> tools = new TreeSet<>();
    if (!scope.isListed()) {
      tools.add(ANY_TOOL);
    }
    for (Grant grant : scope.alternatives()) {
      List<ToolPattern> patterns = grant.tools();
      for (ToolPattern pattern : patterns) {
        tools.add(pattern.text());
      }
      if (patterns.isEmpty()) {
        tools.add(ANY_TOOL);
      }
    }
    return tools.size() > MAX_TOOLS ? Set.of(ANY_TOOL) : tools;
  }

  /** Makes words safe for people to read. PostgreSQL refuses text with U+0000. */
  private static @Nullable String shown(@Nullable String words) {
    return words == null ? null : ShownText.escaped(words);
  }
}
