package dev.taper.authorizer;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.engine.AuthorizerProgram;
import dev.taper.datalog.engine.QueryScope;
import dev.taper.datalog.engine.World;
import java.time.Duration;
import java.util.List;

/**
 * A request that was evaluated: it can be decided, queried, inspected and stored. Everything done
 * with it draws on the limits that it was run with. For one thread only.
 */
public final class Authorization {
  private final World world;
  private final AuthorizerProgram program;
  private final Provenance provenance;
  private final List<Fact> requestFacts;
  private final List<Block.Decoded> blocks;

  Authorization(
      World world,
      AuthorizerProgram program,
      Provenance provenance,
      List<Fact> requestFacts,
      List<Block.Decoded> blocks) {
    this.world = world;
    this.program = program;
    this.provenance = provenance;
    this.requestFacts = requestFacts;
    this.blocks = blocks;
  }

  /**
   * Evaluates the checks and policies.
   *
   * @throws TaperException with a code of the category {@link ErrorCode.Category#LIMIT} or {@link
   *     ErrorCode.Category#EXECUTION}; the request must then be refused
   */
  public Decision decide() {
    return Decision.of(world.decide(), program.code().policies(), provenance, world);
  }

  /**
   * Asks for facts that depend on nothing but the authority block and the authorizer, unless the
   * rule's own scopes say otherwise.
   *
   * @param rule the question; its head is the form of the answers
   * @return distinct facts, in the order they were found
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if the body does not bind a variable
   *     of the head, or a code as {@link #decide}
   */
  public List<Fact> query(Rule rule) {
    return world.query(rule, QueryScope.TRUSTED);
  }

  /**
   * Asks for facts of all blocks. Any holder of the token may have added some of them, so this is
   * good for inspecting a token, never for deciding.
   *
   * @param rule the question; its head is the form of the answers
   * @return distinct facts, in the order they were found
   * @throws TaperException as {@link #query}
   */
  public List<Fact> queryAll(Rule rule) {
    return world.query(rule, QueryScope.ALL);
  }

  /**
   * Lists all facts with their origins: the token's by block, the authorizer's, then derived ones.
   */
  public List<OriginFact> facts() {
    return world.facts();
  }

  /** The authorizer's code: the policy set and the facts of the request. */
  public AuthorizerCode code() {
    AuthorizerCode code = program.code();
    if (requestFacts.isEmpty()) {
      return code;
    }
    var block = code.block().toBuilder();
    requestFacts.forEach(block::fact);
    return new AuthorizerCode(block.build(), code.policies());
  }

  /** The token's blocks, the authority block first; empty without a token. */
  public List<Block.Decoded> blocks() {
    return blocks;
  }

  /** The number of rounds in which rules were applied. */
  public int iterations() {
    return world.iterations();
  }

  /** The time spent evaluating so far. */
  public Duration elapsed() {
    return world.elapsed();
  }

  /** The steps used so far. */
  public long stepsUsed() {
    return world.stepsUsed();
  }

  /**
   * Takes a snapshot of everything that was evaluated and derived, to be stored and inspected
   * later. It carries no signature and no secret, and cannot stand for the token.
   */
  public Snapshot snapshot() {
    return Snapshot.of(this, world);
  }
}
