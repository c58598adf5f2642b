package dev.taper.wire;

import com.google.protobuf.ByteString;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import dev.taper.wire.oracle.Oracle;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts syntax into protobuf's own classes: written against the schema alone, and by names instead
 * of numbers, so that it shares no mistake with the writer under test.
 */
final class OracleBlocks {
  private static final List<String> DEFAULTS =
      List.of(
          ("read write resource operation right time role owner tenant namespace user team service"
                  + " admin email group member ip_address client client_ip domain path version"
                  + " cluster node hostname nonce query")
              .split(" "));

  final List<String> symbols = new ArrayList<>();
  final List<PublicKey> keys = new ArrayList<>();

  Oracle.Block block(Block block, int version) {
    Oracle.Block.Builder out = Oracle.Block.newBuilder().setVersion(version);
    if (block.context() != null) {
      out.setContext(block.context());
    }
    block.facts().forEach(fact -> out.addFacts(fact(fact)));
    block.rules().forEach(rule -> out.addRules(rule(rule)));
    block.checks().forEach(check -> out.addChecks(check(check)));
    block.scopes().forEach(scope -> out.addScope(scope(scope)));
    keys.forEach(key -> out.addPublicKeys(key(key)));
    return out.addAllSymbols(symbols).build();
  }

  Oracle.Policy policy(Policy policy) {
    Oracle.Policy.Builder out =
        Oracle.Policy.newBuilder().setKind(Oracle.Policy.Kind.valueOf(name(policy.kind())));
    policy.queries().forEach(query -> out.addQueries(query(query)));
    return out.build();
  }

  Oracle.Fact fact(Fact fact) {
    return Oracle.Fact.newBuilder().setPredicate(predicate(fact.predicate())).build();
  }

  static Oracle.PublicKey key(PublicKey key) {
    return Oracle.PublicKey.newBuilder()
        .setAlgorithm(
            key.algorithm() == Algorithm.ED25519
                ? Oracle.PublicKey.Algorithm.Ed25519
                : Oracle.PublicKey.Algorithm.SECP256R1)
        .setKey(ByteString.copyFrom(key.bytes()))
        .build();
  }

  private Oracle.Check check(Check check) {
    Oracle.Check.Builder out = Oracle.Check.newBuilder();
    check.queries().forEach(query -> out.addQueries(query(query)));
    if (check.kind() != Check.Kind.IF) {
      out.setKind(Oracle.Check.Kind.valueOf(name(check.kind())));
    }
    return out.build();
  }

  private Oracle.Rule query(Query query) {
    return rule(new Rule(Predicate.of("query"), query));
  }

  private Oracle.Rule rule(Rule rule) {
    Oracle.Rule.Builder out = Oracle.Rule.newBuilder().setHead(predicate(rule.head()));
    for (Predicate predicate : rule.body().predicates()) {
      out.addBody(predicate(predicate));
    }
    for (Expression expression : rule.body().expressions()) {
      out.addExpressions(Oracle.Expression.newBuilder().addAllOps(ops(expression)));
    }
    for (Scope scope : rule.body().scopes()) {
      out.addScope(scope(scope));
    }
    return out.build();
  }

  private Oracle.Scope scope(Scope scope) {
    Oracle.Scope.Builder out = Oracle.Scope.newBuilder();
    if (scope instanceof Scope.Key k) {
      if (!keys.contains(k.publicKey())) {
        keys.add(k.publicKey());
      }
      return out.setPublicKey(keys.indexOf(k.publicKey())).build();
    }
    boolean authority = scope instanceof Scope.Authority;
    return out.setScopeType(
            authority ? Oracle.Scope.ScopeType.Authority : Oracle.Scope.ScopeType.Previous)
        .build();
  }

  private Oracle.Predicate predicate(Predicate predicate) {
    Oracle.Predicate.Builder out = Oracle.Predicate.newBuilder().setName(symbol(predicate.name()));
    predicate.terms().forEach(term -> out.addTerms(term(term)));
    return out.build();
  }

  private Oracle.Term term(Term term) {
    Oracle.Term.Builder out = Oracle.Term.newBuilder();
    if (term instanceof Term.Variable v) {
      out.setVariable((int) symbol(v.name()));
    } else if (term instanceof Term.Int i) {
      out.setInteger(i.value());
    } else if (term instanceof Term.Str s) {
      out.setString(symbol(s.value()));
    } else if (term instanceof Term.Date d) {
      out.setDate(d.seconds());
    } else if (term instanceof Term.Bytes b) {
      out.setBytes(ByteString.copyFrom(b.value()));
    } else if (term instanceof Term.Bool b) {
      out.setBool(b.value());
    } else if (term instanceof Term.Null) {
      out.setNull(Oracle.Empty.getDefaultInstance());
    } else if (term instanceof Term.Set set) {
      Oracle.TermSet.Builder list = Oracle.TermSet.newBuilder();
      set.elements().forEach(element -> list.addSet(term(element)));
      out.setSet(list);
    } else if (term instanceof Term.Array array) {
      Oracle.Array.Builder list = Oracle.Array.newBuilder();
      array.elements().forEach(element -> list.addArray(term(element)));
      out.setArray(list);
    } else if (term instanceof Term.Map map) {
      Oracle.Map.Builder list = Oracle.Map.newBuilder();
      map.entries().forEach((key, value) -> list.addEntries(entry(key, value)));
      out.setMap(list);
    }
    return out.build();
  }

  private Oracle.MapEntry entry(Term.MapKey key, Term value) {
    Oracle.MapKey.Builder out = Oracle.MapKey.newBuilder();
    if (key instanceof Term.Int i) {
      out.setInteger(i.value());
    } else if (key instanceof Term.Str s) {
      out.setString(symbol(s.value()));
    }
    return Oracle.MapEntry.newBuilder().setKey(out).setValue(term(value)).build();
  }

  private List<Oracle.Op> ops(Expression expression) {
    List<Oracle.Op> ops = new ArrayList<>();
    Oracle.Op.Builder out = Oracle.Op.newBuilder();
    if (expression instanceof Expression.Value v) {
      out.setValue(term(v.term()));
    } else if (expression instanceof Expression.Unary u) {
      ops.addAll(ops(u.operand()));
      out.setUnary(Oracle.OpUnary.newBuilder().setKind(kind(u.op())));
    } else if (expression instanceof Expression.Binary b) {
      ops.addAll(ops(b.left()));
      ops.addAll(ops(b.right()));
      out.setBinary(Oracle.OpBinary.newBuilder().setKind(kind(b.op())));
    } else if (expression instanceof Expression.Closure c) {
      Oracle.OpClosure.Builder closure = Oracle.OpClosure.newBuilder();
      c.parameters().forEach(p -> closure.addParams((int) symbol(p)));
      out.setClosure(closure.addAllOps(ops(c.body())));
    } else if (expression instanceof Expression.Extern x) {
      ops.addAll(ops(x.receiver()));
      if (x.argument() == null) {
        out.setUnary(
            Oracle.OpUnary.newBuilder()
                .setKind(Oracle.OpUnary.Kind.Ffi)
                .setFfiName(symbol(x.name())));
      } else {
        ops.addAll(ops(x.argument()));
        out.setBinary(
            Oracle.OpBinary.newBuilder()
                .setKind(Oracle.OpBinary.Kind.Ffi)
                .setFfiName(symbol(x.name())));
      }
    }
    ops.add(out.build());
    return ops;
  }

  private static Oracle.OpUnary.Kind kind(UnaryOp op) {
    return op == UnaryOp.TYPE
        ? Oracle.OpUnary.Kind.TypeOf
        : Oracle.OpUnary.Kind.valueOf(camel(op.name()));
  }

  private static Oracle.OpBinary.Kind kind(BinaryOp op) {
    return switch (op) {
      case LENIENT_EQUAL -> Oracle.OpBinary.Kind.HeterogeneousEqual;
      case LENIENT_NOT_EQUAL -> Oracle.OpBinary.Kind.HeterogeneousNotEqual;
      default -> Oracle.OpBinary.Kind.valueOf(camel(op.name()));
    };
  }

  private static String name(Enum<?> value) {
    return value.name().equals("IF") ? "One" : camel(value.name());
  }

  private static String camel(String name) {
    StringBuilder out = new StringBuilder();
    boolean upper = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_') {
        out.append(upper ? c : Character.toLowerCase(c));
      }
      upper = c == '_';
    }
    return out.toString();
  }

  private long symbol(String symbol) {
    if (DEFAULTS.contains(symbol)) {
      return DEFAULTS.indexOf(symbol);
    }
    if (!symbols.contains(symbol)) {
      symbols.add(symbol);
    }
    return 1024L + symbols.indexOf(symbol);
  }
}
