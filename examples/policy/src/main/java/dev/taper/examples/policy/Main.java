package dev.taper.examples.policy;

import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.policies.Policies;
import dev.taper.token.Token;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Decides about a plain Biscuit token with a policy of its own and one of the library. */
public final class Main {
  /** Prepared once; every thread may use it. */
  private static final PolicySet POLICIES =
      PolicySet.of(
          List.of(
              new PolicySet.Part("service", Datalog.authorizer("refund_limit(100);")),
              new PolicySet.Part("refunds", Datalog.authorizer(source())),
              Policies.part("default")));

  private Main() {}

  /** Runs the example. */
  public static void main(String[] arguments) {
    run(System.out);
  }

  static void run(PrintStream out) {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    Token token = Token.mint(root, Datalog.block("check if tool($t), $t.starts_with(\"orders.\")"));
    for (long amount : new long[] {20, 2000}) {
      Decision decision =
          POLICIES
              .authorizer(token)
              .fact(Datalog.fact("tool(\"orders.refund\")"))
              .fact(Datalog.fact("arg(\"amount\", " + amount + ")"))
              .authorize();
      out.println(amount + ": " + (decision.allowed() ? "allowed" : decision.explain()));
    }
  }

  private static String source() {
    try (InputStream in = Main.class.getResourceAsStream("refunds.datalog")) {
      if (in == null) {
        throw new IllegalStateException("refunds.datalog is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
