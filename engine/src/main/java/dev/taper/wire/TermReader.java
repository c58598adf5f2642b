package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.datalog.Term;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads terms, and resolves symbols. */
final class TermReader {
  private static final Term NOTHING = new Term.Null();

  private final ProtoReader in;
  private final SymbolTable symbols;
  private final Features features;

  /** The elements of arrays, which can be nested. */
  private final Pile<Term> pile = new Pile<>();

  TermReader(ProtoReader in, SymbolTable symbols, Features features) {
    this.in = in;
    this.symbols = symbols;
    this.features = features;
  }

  /** Returns the string of a symbol's number. */
  String symbol(long id) {
    String symbol = symbols.get(id);
    if (symbol == null) {
      throw in.fail(ErrorCode.UNKNOWN_SYMBOL, "unknown symbol " + Long.toUnsignedString(id));
    }
    return symbol;
  }

  /**
   * Reads the term that the current message is.
   *
   * @param variables true if it may be a variable
   */
  Term term(boolean variables) {
    return term(variables, 1);
  }

  private Term term(boolean variables, int depth) {
    if (depth > Term.MAX_DEPTH) {
      throw in.fail(
          ErrorCode.DECODE_LIMIT, "a term is nested deeper than " + Term.MAX_DEPTH + " levels");
    }
    int seen = 0;
    Term term = NOTHING;
    while (in.next()) {
      int field = in.field();
      if (field > 10) {
        throw in.unknownField();
      }
      seen = in.only(seen);
      term =
          switch (field) {
            case 1 -> variable(variables);
            case 2 -> new Term.Int(in.uint64());
            case 3 -> new Term.Str(symbol(in.uint64()));
            case 4 -> new Term.Date(in.uint64());
            case 5 -> new Term.Bytes(in.bytes());
            case 6 -> new Term.Bool(in.bool());
            case 7 -> set(depth);
            case 8 -> nothing();
            case 9 -> array(depth);
            default -> map(depth);
          };
    }
    in.requireOne(seen);
    if (depth == 1 && term instanceof Term.Null) {
      features.require(in, 6, "null");
    }
    return term;
  }

  private Term variable(boolean allowed) {
    long id = in.uint32();
    if (!allowed) {
      throw in.fail("a variable where a value is needed");
    }
    return new Term.Variable(symbol(id));
  }

  private Term nothing() {
    in.enter("null");
    empty(in);
    in.leave();
    return NOTHING;
  }

  /** Reads a message without fields. */
  static void empty(ProtoReader in) {
    if (in.next()) {
      throw in.unknownField();
    }
  }

  private Term set(int depth) {
    SortedSet<Term> elements = new TreeSet<>();
    Class<?> type = null;
    int read = 0;
    in.enter("set");
    while (in.next()) {
      if (in.field() != 1) {
        throw in.unknownField();
      }
      in.enter("set", read++);
      Term element = term(false, depth + 1);
      if (element instanceof Term.Set) {
        throw in.fail("a set in a set");
      }
      if (type != null && type != element.getClass()) {
        throw in.fail("a set with elements of different types");
      }
      type = element.getClass();
      if (depth == 1 && element instanceof Term.Null) {
        features.require(in, 6, "null");
      }
      in.leave();
      elements.add(element);
    }
    in.leave();
    return new Term.Set(elements);
  }

  private Term array(int depth) {
    int first = pile.size();
    in.enter("array");
    while (in.next()) {
      if (in.field() != 1) {
        throw in.unknownField();
      }
      in.enter("array", pile.size() - first);
      pile.push(term(false, depth + 1));
      in.leave();
    }
    in.leave();
    return new Term.Array(pile.take(first));
  }

  private Term map(int depth) {
    Map<Term.MapKey, Term> entries = new TreeMap<>((a, b) -> ((Term) a).compareTo((Term) b));
    in.enter("map");
    while (in.next()) {
      if (in.field() != 1) {
        throw in.unknownField();
      }
      in.enter("entries", entries.size());
      entry(entries, depth);
      in.leave();
    }
    in.leave();
    return Term.Map.of(entries);
  }

  private void entry(Map<Term.MapKey, Term> entries, int depth) {
    int seen = 0;
    Term.MapKey key = new Term.Int(0);
    Term value = NOTHING;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          in.enter("key");
          key = key();
          in.leave();
        }
        case 2 -> {
          seen = in.once(seen);
          in.enter("value");
          value = term(false, depth + 1);
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 1, "key");
    in.require(seen, 2, "value");
    if (entries.put(key, value) != null) {
      throw in.fail("a key twice in one map");
    }
  }

  private Term.MapKey key() {
    int seen = 0;
    Term.MapKey key = new Term.Int(0);
    while (in.next()) {
      int field = in.field();
      if (field > 2) {
        throw in.unknownField();
      }
      seen = in.only(seen);
      key = field == 1 ? new Term.Int(in.uint64()) : new Term.Str(symbol(in.uint64()));
    }
    in.requireOne(seen);
    return key;
  }
}
