package dev.taper.token;

import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.Collection;

/**
 * Estimates, from above, the bytes that a block keeps alive once it is read, compiled and
 * understood. It counts the block's parts, because the memory for one byte of a block differs by a
 * factor of thirty.
 */
final class BlockWeight {
  /**
   * The bytes for each block: its envelope, keys and lists, and what a reader of the chain makes of
   * it.
   */
  private static final long BLOCK = 500;

  /**
   * The bytes for each byte, which is kept as received and in parts; a cache keeps it once more.
   */
  private static final long BYTE = 2;

  private static final long SYMBOL = 56;
  private static final long PREDICATE = 64;
  private static final long QUERY = 220;

  /** The bytes for each predicate, compiled for looking up facts. */
  private static final long ATOM = 64;

  private static final long EXPRESSION = 36;
  private static final long TERM = 28;
  private static final long COLLECTION = 100;

  private long bytes;

  private BlockWeight() {}

  static long of(Block.Decoded decoded, int size) {
    BlockWeight weight = new BlockWeight();
    weight.bytes =
        BLOCK + BYTE * size + SYMBOL * (decoded.symbols().size() + decoded.publicKeys().size());
    weight.add(decoded.block());
    return weight.bytes;
  }

  private void add(Block block) {
    for (Fact fact : block.facts()) {
      add(fact.predicate());
    }
    for (Rule rule : block.rules()) {
      add(rule.head());
      add(rule.body());
    }
    for (Check check : block.checks()) {
      for (Query query : check.queries()) {
        add(query);
      }
    }
  }

  private void add(Query query) {
    bytes += QUERY;
    for (Predicate predicate : query.predicates()) {
      bytes += ATOM;
      add(predicate);
    }
    for (Expression expression : query.expressions()) {
      add(expression);
    }
  }

  private void add(Predicate predicate) {
    bytes += PREDICATE;
    terms(predicate.terms());
  }

  private void add(Expression expression) {
    bytes += EXPRESSION;
    if (expression instanceof Expression.Value value) {
      add(value.term());
    } else if (expression instanceof Expression.Unary unary) {
      add(unary.operand());
    } else if (expression instanceof Expression.Binary binary) {
      add(binary.left());
      add(binary.right());
    } else if (expression instanceof Expression.Closure closure) {
      bytes += COLLECTION;
      add(closure.body());
    } else if (expression instanceof Expression.Extern extern) {
      add(extern.receiver());
      Expression argument = extern.argument();
      if (argument != null) {
        add(argument);
      }
    }
  }

  private void terms(Collection<Term> terms) {
    for (Term term : terms) {
      add(term);
    }
  }

  private void add(Term term) {
    bytes += TERM;
    if (term instanceof Term.Set set) {
      bytes += COLLECTION;
      terms(set.elements());
    } else if (term instanceof Term.Array array) {
      bytes += COLLECTION;
      terms(array.elements());
    } else if (term instanceof Term.Map map) {
      bytes += COLLECTION + 2 * TERM * map.entries().size();
      terms(map.entries().values());
    }
  }
}
