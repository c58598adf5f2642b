package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import java.util.List;
import java.util.TreeSet;

/** Takes collections apart or makes new ones, and tells the size and type of any value. */
final class CollectionOperation {
  /** The steps for each element that is sorted into a set, and for each 16 characters of it. */
  private static final int SORTING = 4;

  private CollectionOperation() {}

  static final class Intersection extends Node {
    private final Node left;
    private final Node right;

    Intersection(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    Term eval(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1 + SORTING * (Values.deepSteps(l) + Values.deepSteps(r)));
      if (l instanceof Term.Set x && r instanceof Term.Set y) {
        TreeSet<Term> common = new TreeSet<>(x.elements());
        common.retainAll(y.elements());
        return new Term.Set(common);
      }
      throw invalidType("intersection", l, r);
    }
  }

  static final class Union extends Node {
    private final Node left;
    private final Node right;

    Union(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    Term eval(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1 + SORTING * (Values.deepSteps(l) + Values.deepSteps(r)));
      if (l instanceof Term.Set x && r instanceof Term.Set y) {
        TreeSet<Term> all = new TreeSet<>(x.elements());
        all.addAll(y.elements());
        return new Term.Set(all);
      }
      throw invalidType("union", l, r);
    }
  }

  /**
   * Evaluates {@code get}: an element of an array by position, a value of a map by key, or null.
   */
  static final class Get extends Node {
    private final Node left;
    private final Node right;

    Get(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    Term eval(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1);
      if (l instanceof Term.Array array && r instanceof Term.Int index) {
        List<Term> elements = array.elements();
        boolean inside = index.value() >= 0 && index.value() < elements.size();
        return inside ? elements.get((int) index.value()) : Values.NULL;
      }
      if (l instanceof Term.Map map && r instanceof Term.MapKey key) {
        frame.budget.charge(Values.lookUp(map.entries().size(), r));
        Term value = map.entries().get(key);
        return value == null ? Values.NULL : value;
      }
      throw invalidType("get", l, r);
    }
  }

  /** Evaluates {@code length}: UTF-8 bytes of a string, bytes, or elements. */
  static final class Length extends Node {
    private final Node operand;

    Length(Node operand) {
      this.operand = operand;
    }

    @Override
    Term eval(Frame frame) {
      Term value = operand.eval(frame);
      frame.budget.charge(1);
      if (value instanceof Term.Str s) {
        frame.budget.charge(Values.steps(s));
        return new Term.Int(utf8Length(s.value()));
      } else if (value instanceof Term.Bytes b) {
        return new Term.Int(b.length());
      } else if (value instanceof Term.Set
          || value instanceof Term.Array
          || value instanceof Term.Map) {
        return new Term.Int(Values.steps(value));
      }
      throw invalidType("length", value);
    }

    private static long utf8Length(String s) {
      long bytes = 0;
      for (int i = 0; i < s.length(); i++) {
        char c = s.charAt(i);
        // Each half of a surrogate pair counts as two of the four bytes.
        bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      }
      return bytes;
    }
  }

  /** Evaluates {@code type}: the name of the value's type. */
  static final class TypeOf extends Node {
    private final Node operand;

    TypeOf(Node operand) {
      this.operand = operand;
    }

    @Override
    Term eval(Frame frame) {
      Term value = operand.eval(frame);
      frame.budget.charge(1);
      return new Term.Str(Values.typeName(value));
    }
  }
}
