package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.List;

/**
 * A compiled block, not yet in its place in a token. Immutable and thread-safe: compiled once,
 * evaluated as often as wanted. Its facts are those of the source, found acceptable.
 */
public final class BlockProgram {
  static final Term[] NO_TERMS = {};

  private final Block source;
  final CompiledRule[] rules;

  /** By check: its queries. */
  final CompiledQuery[][] checks;

  private BlockProgram(Block source, CompiledRule[] rules, CompiledQuery[][] checks) {
    this.source = source;
    this.rules = rules;
    this.checks = checks;
  }

  /**
   * Compiles a block of a token.
   *
   * @throws UnsafeRuleException {@link ErrorCode#INVALID_BLOCK_RULE} if a rule has a head variable
   *     that its body does not bind
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if an expression or a term is nested
   *     too deeply
   */
  public static BlockProgram compile(Block block) {
    return compile(block, ErrorCode.INVALID_BLOCK_RULE);
  }

  static BlockProgram compile(Block block, ErrorCode unsafe) {
    for (Fact fact : block.facts()) {
      fact.predicate().terms().forEach(QueryCompiler::constant);
    }
    List<Rule> sources = block.rules();
    CompiledRule[] rules = new CompiledRule[sources.size()];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = QueryCompiler.compile(sources.get(i), unsafe);
    }
    List<Check> blockChecks = block.checks();
    CompiledQuery[][] checks = new CompiledQuery[blockChecks.size()][];
    for (int i = 0; i < checks.length; i++) {
      checks[i] = QueryCompiler.compile(blockChecks.get(i).queries());
    }
    return new BlockProgram(block, rules, checks);
  }

  /** The block that was compiled. */
  public Block block() {
    return source;
  }
}
