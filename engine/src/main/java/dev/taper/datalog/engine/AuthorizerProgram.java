package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Rule.UnsafeRuleException;
import dev.taper.datalog.Term;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiled authorizer code. Immutable and thread-safe: compiled once, evaluated for every request.
 */
public final class AuthorizerProgram {
  /** Of a pattern in a message, in characters. */
  private static final int MAX_SHOWN = 200;

  private final AuthorizerCode source;
  final BlockProgram body;

  /** By policy: its queries. */
  final CompiledQuery[][] policies;

  /** The linked form, for requests without a token and for linking tokens, made when needed. */
  private volatile @Nullable Program alone;

  /** Names of predicates whose facts tokens may see, too; null if they may see all. */
  private final @Nullable Set<String> shared;

  private AuthorizerProgram(
      AuthorizerCode source,
      BlockProgram body,
      CompiledQuery[][] policies,
      @Nullable Set<String> shared) {
    this.source = source;
    this.body = body;
    this.policies = policies;
    this.shared = shared;
  }

  /**
   * Compiles authorizer code that somebody else may have written. Its regular expressions are
   * compiled when they are used, on the account of the evaluation; an invalid one matches nothing.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if a rule has a head variable that its
   *     body does not bind (as an {@link UnsafeRuleException}), or an expression or a term is
   *     nested too deeply
   */
  public static AuthorizerProgram compile(AuthorizerCode code) {
    return compile(code, Patterns.after(null));
  }

  /**
   * Compiles a service's own code, with all its constant regular expressions.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} as {@link #compile(AuthorizerCode)},
   *     or if a constant pattern is no regular expression, or too large
   */
  public static AuthorizerProgram prepare(AuthorizerCode code) {
    Patterns patterns = Patterns.ofAuthorizer();
    AuthorizerProgram program = compile(code, patterns);
    List<String> unusable = patterns.unusable();
    if (!unusable.isEmpty()) {
      throw new TaperException(
          ErrorCode.INVALID_DATALOG,
          "not a regular expression, or too large: " + new Term.Str(shown(unusable.get(0))));
    }
    return program;
  }

  private static String shown(String pattern) {
    return pattern.length() <= MAX_SHOWN ? pattern : pattern.substring(0, MAX_SHOWN) + "…";
  }

  private static AuthorizerProgram compile(AuthorizerCode code, Patterns patterns) {
    BlockProgram body = BlockProgram.compile(code.block(), ErrorCode.INVALID_DATALOG, patterns);
    List<Policy> sources = code.policies();
    CompiledQuery[][] policies = new CompiledQuery[sources.size()][];
    for (int i = 0; i < policies.length; i++) {
      policies[i] = QueryCompiler.compile(sources.get(i).queries(), patterns);
    }
    return new AuthorizerProgram(code, body, policies, null);
  }

  /**
   * The same code, whose facts, and what its rules derive, no block of a token sees, but for the
   * named predicates. Facts of the request are not the code's: they are for all to see. In the
   * confidential form, what blocks ask for and what the code needs have accounts of their own.
   *
   * @param sharedPredicates names of predicates that tokens may see nevertheless, with any number
   *     of terms; also if the code derives them from facts that they may not
   */
  public AuthorizerProgram confidential(Set<String> sharedPredicates) {
    return new AuthorizerProgram(source, body, policies, Set.copyOf(sharedPredicates));
  }

  /** True if facts and rules are the service's own. */
  public boolean isConfidential() {
    return shared != null;
  }

  /** True if a predicate's facts are for all to see. */
  boolean isShared(String predicate) {
    return shared == null || shared.contains(predicate);
  }

  /** The code that was compiled. */
  public AuthorizerCode code() {
    return source;
  }

  /** This without a token; every program with a token shares what it can of it. */
  Program alone() {
    Program program = alone;
    if (program == null) {
      synchronized (this) { // all programs with tokens share parts of the one
        program = alone;
        if (program == null) {
          program = Linker.link(this);
          alone = program;
        }
      }
    }
    return program;
  }
}
