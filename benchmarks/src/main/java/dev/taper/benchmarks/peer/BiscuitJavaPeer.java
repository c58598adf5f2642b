package dev.taper.benchmarks.peer;

import biscuit.format.schema.Schema;
import dev.taper.benchmarks.workload.Workload;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.biscuitsec.biscuit.crypto.PublicKey;
import org.biscuitsec.biscuit.datalog.RunLimits;
import org.biscuitsec.biscuit.error.Error;
import org.biscuitsec.biscuit.token.Authorizer;
import org.biscuitsec.biscuit.token.Biscuit;
import org.biscuitsec.biscuit.token.Policy;
import org.biscuitsec.biscuit.token.builder.Check;
import org.biscuitsec.biscuit.token.builder.Fact;
import org.biscuitsec.biscuit.token.builder.Rule;
import org.biscuitsec.biscuit.token.builder.parser.Parser;

/**
 * biscuit-java. Prepared once: the root key and the time limit; and with {@code prepared} the
 * authorizer's facts, check and policies as its builder objects, which is as far as its interface
 * lets them be prepared.
 */
final class BiscuitJavaPeer implements Peer {
  // Its default of 5 ms ends the first runs of a cold JVM.
  private static final RunLimits LIMITS = new RunLimits(1000, 100, Duration.ofMinutes(1));

  private static final RunLimits LIFTED =
      new RunLimits(10_000_000, 1_000_000, Duration.ofMinutes(10));

  private final boolean prepared;
  private final PublicKey root;
  private final List<String> factTexts = new ArrayList<>();
  private final List<String> checkTexts = new ArrayList<>();
  private final List<String> policyTexts = new ArrayList<>();
  private final List<Fact> facts = new ArrayList<>();
  private final List<Check> checks = new ArrayList<>();
  private final List<Policy> policies = new ArrayList<>();

  BiscuitJavaPeer(boolean prepared) {
    this.prepared = prepared;
    this.root = new PublicKey(Schema.PublicKey.Algorithm.Ed25519, Workload.rootKey());
    // Its authorizer takes a statement at a time.
    for (String line : Workload.authorizer().strip().split("\n", -1)) {
      String statement = line.substring(0, line.lastIndexOf(';'));
      if (statement.startsWith("check")) {
        checkTexts.add(statement);
        checks.add(Parser.check(statement).get()._2);
      } else if (statement.startsWith("allow") || statement.startsWith("deny")) {
        policyTexts.add(statement);
        policies.add(Parser.policy(statement).get()._2);
      } else {
        factTexts.add(statement);
        facts.add(Parser.fact(statement).get()._2);
      }
    }
  }

  static IntSupplier evaluation(
      List<String> factTexts, List<String> ruleTexts, List<String> policyTexts) {
    List<Fact> facts = new ArrayList<>();
    List<Rule> rules = new ArrayList<>();
    List<Policy> policies = new ArrayList<>();
    factTexts.forEach(text -> facts.add(Parser.fact(text).get()._2));
    ruleTexts.forEach(text -> rules.add(Parser.rule(text).get()._2));
    policyTexts.forEach(text -> policies.add(Parser.policy(text).get()._2));
    return () -> {
      Authorizer authorizer = new Authorizer();
      facts.forEach(authorizer::add_fact);
      rules.forEach(authorizer::add_rule);
      policies.forEach(authorizer::add_policy);
      return authorize(authorizer, LIFTED);
    };
  }

  @Override
  public int authorize(byte[] bytes) {
    return authorize(decode(bytes));
  }

  @Override
  public IntSupplier keep(byte[] bytes) {
    Biscuit token = decode(bytes);
    return () -> authorize(token);
  }

  private Biscuit decode(byte[] bytes) {
    try {
      return Biscuit.from_bytes(bytes, root);
    } catch (Error | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private int authorize(Biscuit token) {
    try {
      Authorizer authorizer = token.authorizer();
      if (prepared) {
        facts.forEach(authorizer::add_fact);
        checks.forEach(authorizer::add_check);
        policies.forEach(authorizer::add_policy);
      } else {
        for (String fact : factTexts) {
          authorizer.add_fact(fact);
        }
        for (String check : checkTexts) {
          authorizer.add_check(check);
        }
        for (String policy : policyTexts) {
          authorizer.add_policy(policy);
        }
      }
      return authorize(authorizer, LIMITS);
    } catch (Error e) {
      throw new IllegalStateException(e);
    }
  }

  private static int authorize(Authorizer authorizer, RunLimits limits) {
    try {
      return authorizer.authorize(limits).intValue();
    } catch (Error e) {
      throw new IllegalStateException(e);
    }
  }
}
