package dev.taper.agent.delegation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who gave what to whom: a token of the delegation profile, read hop by hop. Whether it is proven
 * or only claimed depends on what it was read from. Immutable and thread-safe.
 */
public final class DelegationChain {
  private static final byte[] LINEAGE = "\0TAPER\0LINEAGE\0".getBytes(StandardCharsets.US_ASCII);

  private final List<Block> blocks;
  private final List<DelegationHop> hops;
  private final Token.Kind kind;
  private final RevocableParts.@Nullable Source source; // null if all of it is a claim
  private volatile @Nullable RevocableParts revocable;
  private volatile @Nullable MemoryShare memoryShare;
  private final int heldSince;
  private final List<Justification> justifications;
  private final List<Justification> earlierJustifications;
  private final List<ApprovalStatement.State> states; // none if all of it is a claim
  private final boolean spends;
  // What a verifier without a directory states about all of it: the same for every call.
  private volatile @Nullable CallFacts description;

  private DelegationChain(
      List<Block> blocks,
      List<DelegationHop> hops,
      Token.Kind kind,
      RevocableParts.@Nullable Source source,
      List<ApprovalStatement.State> states) {
    this.blocks = List.copyOf(blocks);
    this.hops = List.copyOf(hops);
    this.kind = kind;
    this.source = source;
    int handedOn = 0;
    for (DelegationHop hop : hops) {
      if (hop.mode().handsOn()) {
        handedOn = hop.block();
      }
    }
    this.heldSince = handedOn;
    this.earlierJustifications = justifications(hops.subList(0, handedOn));
    this.justifications = justifications(hops.subList(handedOn, hops.size()));
    this.states = states;
    this.spends = hops.stream().anyMatch(hop -> !hop.budgets().isEmpty());
  }

  private static List<Justification> justifications(List<DelegationHop> hops) {
    List<Justification> found = new ArrayList<>();
    for (DelegationHop hop : hops) {
      if (hop.justification() != null) {
        found.add(hop.justification());
      }
    }
    return List.copyOf(found);
  }

  /**
   * Reads a chain whose signatures were verified, or gives what was read of it before.
   *
   * @throws TaperException {@link ErrorCode#NOT_A_DELEGATION} or {@link
   *     ErrorCode#PROFILE_VIOLATION}
   */
  public static DelegationChain of(VerifiedChain token) {
    return token.reading(DelegationChain.class, DelegationChain::read);
  }

  private static DelegationChain read(VerifiedChain token) {
    List<Profile.Step> steps =
        Profile.check(token.blocks(), token.nextKeys(), token.signatureVersions(), token.kind());
    RevocableParts.Source source = RevocableParts.Source.of(token);
    // Only a holder who proves a call can have it approved.
    List<ApprovalStatement.State> states =
        token.kind() == Token.Kind.HELD
            ? ApprovalStatement.State.of(token.blocks(), token.revocationIds())
            : List.of();
    return of(token.blocks(), token.nextKeys(), steps, token.kind(), source, states);
  }

  /**
   * Reads what a token claims; nothing of it is proven.
   *
   * @throws TaperException {@link ErrorCode#NOT_A_DELEGATION} or {@link
   *     ErrorCode#PROFILE_VIOLATION}, or a code of the category {@link ErrorCode.Category#FORMAT}
   */
  public static DelegationChain claimedBy(UnverifiedToken token) {
    List<Profile.Step> steps =
        Profile.check(token.blocks(), token.nextKeys(), token.signatureVersions(), token.kind());
    return of(token.blocks(), token.nextKeys(), steps, token.kind(), null, List.of());
  }

  private static DelegationChain of(
      List<Block.Decoded> decoded,
      List<PublicKey> nextKeys,
      List<Profile.Step> steps,
      Token.Kind kind,
      RevocableParts.@Nullable Source source,
      List<ApprovalStatement.State> states) {
    List<Block> blocks = new ArrayList<>();
    List<DelegationHop> hops = new ArrayList<>();
    PublicKey signer = source == null ? null : source.rootKey();
    String grantor =
        Objects.requireNonNull(Profile.stated(decoded.get(0).block(), Profile.DELEGATOR));
    String holder = null;
    for (int i = 0; i < decoded.size(); i++) {
      Block.Decoded block = decoded.get(i);
      Profile.Step step = steps.get(i);
      if (step.named() != null || step.bearer()) {
        holder = step.named();
      }
      PublicKey external = block.externalKey();
      hops.add(
          new DelegationHop(
              i,
              external == null ? mode(i, step) : DelegationHop.Mode.THIRD_PARTY,
              external == null ? grantor : external.toString(),
              signer,
              holder,
              nextKeys.get(i),
              block.block(),
              step.justification(),
              step.budgets()));
      blocks.add(block.block());
      grantor = holder == null ? "bearer" : holder;
      signer = nextKeys.get(i);
    }
    return new DelegationChain(blocks, hops, kind, source, states);
  }

  private static DelegationHop.Mode mode(int index, Profile.Step step) {
    if (step.named() != null) {
      return index == 0
          ? DelegationHop.Mode.AUTHORITY
          : step.rotated() ? DelegationHop.Mode.ROTATED : DelegationHop.Mode.DELEGATED;
    }
    return step.bearer() ? DelegationHop.Mode.BEARER : DelegationHop.Mode.NARROWED;
  }

  /** The steps, the authority block first. */
  public List<DelegationHop> hops() {
    return hops;
  }

  /** The index of the block by which the present holder got the token; it added what follows. */
  public int heldSince() {
    return heldSince;
  }

  /** True if the present holder added more than bare justifications, such as grants of its own. */
  public boolean isNarrowedByHolder() {
    for (DelegationHop hop : hops.subList(heldSince + 1, hops.size())) {
      if (hop.justification() == null || !blocks.get(hop.block()).checks().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** What the present holder justified: since the last hand-over, in order. */
  public List<Justification> justifications() {
    return justifications;
  }

  /** What earlier holders justified, in order; it counts for nobody any more. */
  public List<Justification> earlierJustifications() {
    return earlierJustifications;
  }

  /** The states that approvals may name, the present holder's last; none but for held tokens. */
  public List<ApprovalStatement.State> states() {
    return states;
  }

  /** True if a call may charge budgets. */
  public boolean spends() {
    return spends;
  }

  /**
   * The lineage of a verified chain: the same for all tokens that one holder has from one delegator
   * for one task, before and after a renewal. A session belongs to it. It is a name, no proof.
   *
   * @return in hex, SHA-256 of a tag, the root key, delegator, task, the holder's name and, if it
   *     is held, the holder's key, each with its length before it
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the chain is not verified
   */
  public String lineage() {
    PublicKey root = source == null ? null : source.rootKey();
    if (root == null) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "only a verified token has a lineage");
    }
    Agent holder = holder();
    List<String> parts =
        List.of(
            root.toString(),
            delegator(),
            task().id(),
            holder == null ? "" : holder.name(),
            holder == null || kind != Token.Kind.HELD ? "" : holder.key().toString());
    return HexFormat.of().formatHex(Digests.ofTexts(LINEAGE, parts));
  }

  /** Whose authority it is, such as {@code user:alice@acme.com}. */
  public String delegator() {
    return hops.get(0).grantor();
  }

  /** What it is for. */
  public Task task() {
    return new Task(
        Objects.requireNonNull(Profile.stated(blocks.get(0), Profile.TASK)),
        Profile.stated(blocks.get(0), Profile.PURPOSE));
  }

  /** Who holds the token now; null if anyone who has it does. */
  public @Nullable Agent holder() {
    DelegationHop last = hops.get(hops.size() - 1);
    return kind == Token.Kind.BEARER || last.holder() == null
        ? null
        : new Agent(last.holder(), last.holderKey());
  }

  /** The kind of the token: held, bearer or sealed. */
  public Token.Kind kind() {
    return kind;
  }

  /**
   * True if the signatures were verified from a trusted root key, false if all of it is a claim.
   */
  public boolean verified() {
    return source != null;
  }

  /**
   * The entry of a list that revokes what one block granted, and all that came of it. It ends when
   * the authority does.
   *
   * @param block the block, from 0
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is no such block, or the
   *     chain is not verified: only a verified one says whose block it is
   */
  public RevocationEntry revocation(int block) {
    RevocableParts.Source proven = proven();
    if (block < 0 || block >= hops.size()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the token has blocks 0 to " + (hops.size() - 1));
    }
    Instant end = null; // the earliest that this block or one before it names
    for (DelegationHop hop : hops.subList(0, block + 1)) {
      Instant own = hop.expiry();
      if (own != null && (end == null || own.isBefore(end))) {
        end = own;
      }
    }
    Fingerprint fingerprint = Fingerprint.ofBlock(proven.revocationKeys().get(block));
    return new RevocationEntry(RevocationEntry.Kind.BLOCK, fingerprint, end);
  }

  private RevocableParts.Source proven() {
    if (source == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "only a verified token says whose block it is");
    }
    return source;
  }

  /**
   * Lists the SHA-256 digest of each block's revocation key, as {@link DecisionEvent#blockDigests}
   * does for the token that a call came with.
   *
   * @return new arrays of 32 bytes; none if all of it is a claim
   */
  public List<byte[]> blockDigests() {
    return source == null ? List.of() : BlockDigests.digests(source.revocationKeys());
  }

  /**
   * What can be revoked of a verified chain, worked out at the first call.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the chain is not verified
   */
  public RevocableParts revocable() {
    RevocableParts parts = revocable;
    if (parts == null) {
      parts = RevocableParts.of(this, proven());
      revocable = parts; // a race only computes it twice
    }
    return parts;
  }

  /**
   * Whose calls count together where something is shared out: the delegator, with the root key that
   * says so, because each issuer names delegators by itself and must not use up those of another.
   * Of a chain that is not verified, the delegator alone.
   */
  public String party() {
    PublicKey root = hops.get(0).signer();
    return root == null ? delegator() : root + " " + delegator();
  }

  /**
   * The share of a memory that a verified chain takes, worked out at the first call.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the chain is not verified
   */
  public MemoryShare memoryShare() {
    MemoryShare share = memoryShare;
    if (share == null) {
      byte[] authority = proven().revocationKeys().get(0);
      share = MemoryShare.of(party(), authority);
      memoryShare = share; // a race only computes it twice
    }
    return share;
  }

  /** How often the authority was handed on, rotations included: 0 while its first holder has it. */
  public int depth() {
    return depth(hops.size());
  }

  private int depth(int length) {
    int depth = 0;
    for (DelegationHop hop : hops.subList(0, length)) {
      if (hop.mode().handsOn() && hop.mode() != DelegationHop.Mode.AUTHORITY) {
        depth++;
      }
    }
    return depth;
  }

  /** What is left of the authority after all hops. */
  public EffectiveAuthority effectiveAuthority() {
    return EffectiveAuthority.of(blocks);
  }

  /**
   * What was left of the authority after a block.
   *
   * @param block the block's index
   */
  public EffectiveAuthority effectiveAuthorityAfter(int block) {
    return EffectiveAuthority.of(blocks.subList(0, block + 1));
  }

  /**
   * What was left of the authority after each block, for little more than {@link
   * #effectiveAuthority} costs.
   */
  public List<EffectiveAuthority> effectiveAuthorities() {
    return EffectiveAuthority.afterEach(blocks);
  }

  /**
   * Says what is odd about each block, as {@link AgentToken#warnings} does before there is one.
   *
   * @param now what time it is
   */
  public List<List<Delegation.Warning>> warnings(Instant now) {
    List<List<Delegation.Warning>> warnings = new ArrayList<>(blocks.size());
    EffectiveAuthority before = EffectiveAuthority.of(List.of());
    for (EffectiveAuthority after : effectiveAuthorities()) {
      int block = warnings.size();
      warnings.add(Warnings.of(before, after, blocks.get(block), depth(block + 1), now));
      before = after;
    }
    return List.copyOf(warnings);
  }

  /**
   * Adds what a verifier states about the chain, to explain a decision, such as one that was made
   * elsewhere.
   *
   * @param facts what is known of the call
   * @param directory which names and keys belong together, or null
   */
  public CallFacts facts(CallFacts facts, @Nullable AgentDirectory directory) {
    return facts(facts, hops.size(), directory);
  }

  /**
   * Adds what a verifier states about a chain, cut to its first blocks.
   *
   * @param facts what is known of the call
   * @param length how many blocks to count; all of them to decide, fewer only to explain
   * @param directory which names and keys belong together, or null
   */
  public CallFacts facts(CallFacts facts, int length, @Nullable AgentDirectory directory) {
    if (directory != null || length != hops.size()) {
      return facts.and(describe(length, directory));
    }
    CallFacts known = description;
    if (known == null) {
      known = describe(length, null);
      description = known;
    }
    return facts.and(known);
  }

  /** True if a grant that covers the call names the key among its approvers. */
  public boolean namesApprover(String key, CallFacts facts) {
    for (DelegationHop hop : hops) {
      for (Caveat caveat : hop.caveats()) {
        if (caveat instanceof Grants grants) {
          for (Grant grant : grants.alternatives()) {
            if (namesApprover(grant, key) && grant.covers(facts)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static boolean namesApprover(Grant grant, String key) {
    for (Activation activation : grant.activations()) {
      if (activation.approvers().contains(key)) {
        return true;
      }
    }
    return false;
  }

  private CallFacts describe(int length, @Nullable AgentDirectory directory) {
    CallFacts all = CallFacts.none().depth(depth(length)).presented(kind());
    int index = 0;
    Map<String, Boolean> known = new LinkedHashMap<>();
    for (DelegationHop hop : hops.subList(0, length)) {
      if (hop.holder() != null && hop.mode().handsOn()) {
        all = all.delegation(index++, hop.holder(), hop.holderKey());
        boolean knows = directory != null && directory.knows(hop.holder(), hop.holderKey());
        known.merge(hop.holder(), knows, Boolean::logicalAnd); // every key of a name
      }
    }
    for (Map.Entry<String, Boolean> name : known.entrySet()) {
      if (name.getValue()) {
        all = all.holderVerified(name.getKey());
      }
    }
    String holder = hops.get(length - 1).holder();
    // Only a proof shows who makes the call; a token that anyone can present does not.
    return holder == null || kind != Token.Kind.HELD ? all : all.invoker(holder);
  }

  /** The chain in one line, such as {@code user:alice → agent:planner → agent:researcher}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(delegator());
    for (DelegationHop hop : hops) {
      if (hop.mode().handsOn()) {
        out.append(" → ").append(hop.holder() == null ? "bearer" : hop.holder());
        out.append(hop.mode() == DelegationHop.Mode.ROTATED ? " (new key)" : "");
      }
    }
    return out.toString();
  }
}
