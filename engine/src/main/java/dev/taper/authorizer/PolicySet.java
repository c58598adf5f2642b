package dev.taper.authorizer;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Rule.UnsafeRuleException;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Scope;
import dev.taper.datalog.engine.AuthorizerProgram;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.token.HeldToken;
import dev.taper.token.Token;
import dev.taper.token.VerifiedChain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policies, checks, rules and facts of a service, compiled once. Make it at start-up and use it
 * for every request. Immutable and thread-safe.
 *
 * <p>In Biscuit, <em>every block of a token sees the facts of the set and what its rules
 * derive</em>: a holder of a token can append a check that asks for them, and read the answer in
 * the decision. A set made {@link #confidential} keeps them from tokens. A verifier of delegation
 * tokens always uses that form.
 */
public final class PolicySet {
  private final AuthorizerProgram program;
  private final Provenance provenance;

  /** Made last, so that verifiers of the same policies share what tokens were linked to. */
  private volatile @Nullable Confidential confidential;

  /**
   * A confidential form of a set.
   *
   * @param shared the names of predicates that tokens may see
   * @param form the form
   */
  private record Confidential(Set<String> shared, PolicySet form) {}

  private PolicySet(AuthorizerProgram program, Provenance provenance) {
    this.program = program;
    this.provenance = provenance;
  }

  /**
   * Compiles authorizer code.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if a rule has a head variable that its
   *     body does not bind (as an {@link UnsafeRuleException}), something is nested too deeply, or
   *     a constant pattern of {@code matches} is not a regular expression or is too large
   */
  public static PolicySet of(AuthorizerCode code) {
    return new PolicySet(
        AuthorizerProgram.prepare(Given.that(code, "the code of a policy set")), Provenance.NONE);
  }

  /**
   * Compiles several parts into one set, in their order. All checks must hold, all facts and rules
   * count, and the first policy that matches decides. Decisions name the part that decided. A
   * part's default scope ({@code trusting} at its beginning) holds for that part only.
   *
   * @param parts the parts, in order
   * @throws TaperException as {@link #of(AuthorizerCode)}
   */
  public static PolicySet of(List<Part> parts) {
    Block.Builder block = Block.builder();
    List<Policy> policies = new ArrayList<>();
    for (Part part : Given.that(parts, "the list of policies")) {
      AuthorizerCode code = part.scoped();
      block.merge(code.block());
      policies.addAll(code.policies());
    }
    return new PolicySet(
        AuthorizerProgram.prepare(new AuthorizerCode(block.build(), policies)),
        Provenance.of(parts));
  }

  /**
   * Returns the confidential form of this set: no block of a token sees its facts and what its
   * rules derive, except for facts of the named predicates. All blocks see the facts of a request
   * and of the authority block. The work that a token asks for does not reduce the budget of the
   * set.
   *
   * @param sharedPredicates names of predicates that tokens may see too
   */
  public PolicySet confidential(Collection<String> sharedPredicates) {
    Set<String> shared = Set.copyOf(sharedPredicates);
    Confidential known = confidential;
    if (known == null || !known.shared.equals(shared)) {
      known = new Confidential(shared, new PolicySet(program.confidential(shared), provenance));
      confidential = known;
    }
    return known.form;
  }

  /** The code that was compiled. */
  public AuthorizerCode code() {
    return program.code();
  }

  /**
   * Makes an authorizer for one request that comes with a token. The token's blocks see the facts
   * of this set, unless it is {@link #confidential}.
   *
   * @param token a verified token
   */
  public Authorizer authorizer(Token token) {
    return new Authorizer(program, provenance, token.blocks(), TokenProgram.of(token));
  }

  /**
   * Makes an authorizer for one request that comes with a held token, <em>whose holder has proven
   * the request</em>: without that proof, a thief of the token would be authorized.
   *
   * @param token a verified held token
   */
  public Authorizer authorizerAfterProof(HeldToken token) {
    return new Authorizer(program, provenance, token.blocks(), TokenProgram.of(token));
  }

  /**
   * Makes an authorizer that sees a token as it was when it had fewer blocks. Use it to explain
   * which hop refuses a request, never to decide.
   *
   * @param token a verified token
   * @param blocks how many of its first blocks to see, at least 1
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token does not have that many
   */
  public Authorizer hypothetical(VerifiedChain token, int blocks) {
    if (blocks < 1 || blocks > token.blocks().size()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the token has no " + blocks + " blocks");
    }
    return new Authorizer(
        program,
        provenance,
        token.blocks().subList(0, blocks),
        TokenProgram.of(token).first(blocks));
  }

  /** Makes an authorizer for one request that comes without a token. */
  public Authorizer authorizer() {
    return Authorizer.withoutToken(program, provenance);
  }

  /**
   * Decides about one request with the default limits.
   *
   * @param token a verified token
   * @param facts the facts that the service knows about the request
   * @throws TaperException as {@link Authorizer#run}
   */
  public Decision authorize(Token token, Fact... facts) {
    Authorizer authorizer = authorizer(token);
    for (Fact fact : facts) {
      authorizer.fact(fact);
    }
    return authorizer.authorize();
  }

  /**
   * Takes a snapshot of the policy set, without a token or a result, to be stored and loaded again.
   * A loaded set is in one piece, without the names of its parts.
   *
   * @param limits the limits to store with it
   */
  public Snapshot snapshot(RunLimits limits) {
    return Snapshot.of(program.code(), limits);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof PolicySet other
        && code().equals(other.code())
        && provenance.equals(other.provenance);
  }

  @Override
  public int hashCode() {
    return code().hashCode();
  }

  /** Returns the code as Datalog text. */
  @Override
  public String toString() {
    return code().toString();
  }

  /**
   * One of several pieces of authorizer code that make up a {@link PolicySet}, such as a file. Its
   * name tells, in decisions, which part decided. Immutable and thread-safe.
   *
   * @param name its name
   * @param code its code
   */
  public record Part(String name, AuthorizerCode code) {

    /**
     * Returns the code with its default scope written out at every rule, check and policy without
     * one.
     */
    AuthorizerCode scoped() {
      List<Scope> scopes = code.block().scopes();
      if (scopes.isEmpty()) {
        return code;
      }
      Block.Builder block = Block.builder();
      code.block().facts().forEach(block::fact);
      for (Rule rule : code.block().rules()) {
        block.rule(new Rule(rule.head(), scoped(rule.body(), scopes)));
      }
      for (Check check : code.block().checks()) {
        block.check(new Check(check.kind(), scoped(check.queries(), scopes)));
      }
      List<Policy> policies = new ArrayList<>();
      for (Policy policy : code.policies()) {
        policies.add(new Policy(policy.kind(), scoped(policy.queries(), scopes)));
      }
      return new AuthorizerCode(block.build(), policies);
    }

    private static List<Query> scoped(List<Query> queries, List<Scope> scopes) {
      List<Query> scoped = new ArrayList<>(queries.size());
      for (Query query : queries) {
        scoped.add(scoped(query, scopes));
      }
      return scoped;
    }

    private static Query scoped(Query query, List<Scope> scopes) {
      return query.scopes().isEmpty()
          ? new Query(query.predicates(), query.expressions(), scopes)
          : query;
    }
  }
}
