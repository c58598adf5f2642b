package dev.taper.token;

import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.wire.DecodedBlock;
import java.util.Collection;

/**
 * What a block keeps alive once it is read, compiled and understood, in bytes, estimated from above
 * by the number of its parts: what a byte of a block becomes differs by a factor of thirty.
 */
final class BlockWeight {
  /** Envelope, keys, lists, and what a reader of the chain makes of it. */
  private static final long BLOCK = 900;

  /** For each byte: it is kept as received, as payload and signature, and as text. */
  private static final long BYTE = 3;

  private static final long SYMBOL = 64;
  private static final long PREDICATE = 96;
  private static final long QUERY = 330;
  private static final long EXPRESSION = 48;
  private static final long TERM = 40;
  private static final long COLLECTION = 120;

  private long bytes;

  private BlockWeight() {}

  static long of(DecodedBlock decoded, int size) {
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
      bytes += PREDICATE;
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
