package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Rule.UnsafeRuleException;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled block, not yet in its place in a token. It is compiled once and can be evaluated any
 * number of times. Its facts are those of the source, which were checked. Immutable and
 * thread-safe.
 */
public final class BlockProgram {
  static final Term[] NO_TERMS = {};

  private final Block source;
  final CompiledRule[] rules;

  /** The queries of each check. */
  final CompiledQuery[][] checks;

  private final Patterns patterns;

  private BlockProgram(
      Block source, CompiledRule[] rules, CompiledQuery[][] checks, Patterns patterns) {
    this.source = source;
    this.rules = rules;
    this.checks = checks;
    this.patterns = patterns;
  }

  /**
   * Compiles the first block of a token, or one by itself.
   *
   * @throws TaperException as {@link #compile(Block, BlockProgram)}
   */
  public static BlockProgram compile(Block block) {
    return compile(block, null);
  }

  /**
   * Compiles a block of a token.
   *
   * @param previous the block before it in every token that has it, whose regular expressions it
   *     shares; or null if it is the first
   * @throws UnsafeRuleException {@link ErrorCode#INVALID_BLOCK_RULE} if a rule has a head variable
   *     that its body does not bind
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if an expression or a term is nested
   *     too deeply
   */
  public static BlockProgram compile(Block block, @Nullable BlockProgram previous) {
    Patterns before = previous == null ? null : previous.patterns;
    return compile(block, ErrorCode.INVALID_BLOCK_RULE, Patterns.after(before));
  }

  static BlockProgram compile(Block block, ErrorCode unsafe, Patterns patterns) {
    for (Fact fact : block.facts()) {
      fact.predicate().terms().forEach(QueryCompiler::constant);
    }
    List<Rule> sources = block.rules();
    CompiledRule[] rules = new CompiledRule[sources.size()];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = QueryCompiler.compile(sources.get(i), unsafe, patterns);
    }
    List<Check> blockChecks = block.checks();
    CompiledQuery[][] checks = new CompiledQuery[blockChecks.size()][];
    for (int i = 0; i < checks.length; i++) {
      checks[i] = QueryCompiler.compile(blockChecks.get(i).queries(), patterns);
    }
    return new BlockProgram(block, rules, checks, patterns);
  }

  /**
   * Estimates, from above, the bytes that its regular expressions take; they are compiled at first
   * use.
   */
  public long patternBytes() {
    return patterns.compiledBytes();
  }

  /**
   * Sets the watcher that accounts for memory.
   *
   * @param watcher run after each change of {@link #patternBytes}, by the thread that made it
   */
  public void watchPatterns(Runnable watcher) {
    patterns.watch(watcher);
  }

  /** The block that was compiled. */
  public Block block() {
    return source;
  }
}
