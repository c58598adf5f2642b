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
 * Compiled authorizer code: it is compiled once and evaluated for every request. Immutable and
 * thread-safe.
 */
public final class AuthorizerProgram {
  /** The most characters of a pattern in a message. */
  private static final int MAX_SHOWN = 200;

  private final AuthorizerCode source;
  final BlockProgram body;

  /** The queries of each policy. */
  final CompiledQuery[][] policies;

  /** The linked form, for requests without a token and for linking tokens; made when needed. */
  private volatile @Nullable Program alone;

  /** The names of predicates whose facts tokens may see too; null if they may see all. */
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
   * Compiles authorizer code that may come from somebody else. Its regular expressions are compiled
   * when they are used, and charged to the evaluation; an invalid one matches nothing.
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
   *     or if a constant pattern is not a regular expression, or is too large
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
   * Returns the confidential form of this code: no block of a token sees its facts and what its
   * rules derive, except for the named predicates. Facts of the request are not the code's, so all
   * blocks see them. In the confidential form, the work that blocks ask for and the work of the
   * code have separate accounts.
   *
   * @param sharedPredicates names of predicates that tokens may see nevertheless, with any number
   *     of terms, even if the code derives them from facts that tokens may not see
   */
  public AuthorizerProgram confidential(Set<String> sharedPredicates) {
    return new AuthorizerProgram(source, body, policies, Set.copyOf(sharedPredicates));
  }

  /** True if tokens do not see the facts of this code. */
  public boolean isConfidential() {
    return shared != null;
  }

  /** True if all may see a predicate's facts. */
  boolean isShared(String predicate) {
    return shared == null || shared.contains(predicate);
  }

  /** The code that was compiled. */
  public AuthorizerCode code() {
    return source;
  }

  /**
   * Returns this code linked without a token; every program with a token shares what it can of it.
   */
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
