package dev.taper.store;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A verifier in a process of its own: for each line with a sealed token, how many times it had
 * begun to fetch the list by then, and its decision.
 */
final class VerifierProcess {
  private VerifierProcess() {}

  /** Takes a database's address, the issuer's key and the root key. */
  public static void main(String[] args) throws Exception {
    RevocationList list =
        RevocationList.trusting(PublicKey.parse(args[1])).forgottenAtRestart().build();
    AtomicLong fetches = new AtomicLong();
    try (LazyRevocations source =
            new LazyRevocations(args[0], Path.of("").toAbsolutePath(), Clock.systemUTC());
        RevocationFeed feed =
            RevocationFeed.start(counting(source, fetches), list, Duration.ofMillis(250))) {
      Verifier verifier =
          Verifier.trusting(RootKeys.of(PublicKey.parse(args[2])))
              .callerStatesMeaning()
              .audience("svc:jira")
              .acceptSealed()
              .revocations(list)
              .build();
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String token = in.readLine(); token != null; token = in.readLine()) {
        long begun = fetches.get();
        CallDecision decision =
            verifier.decide(Credentials.of(token, null), ToolCall.of("jira.search"));
        System.out.println(
            begun
                + " "
                + (decision instanceof CallDecision.Denied denied
                    ? denied.code().text()
                    : "allowed")
                + (feed.failure() == null ? "" : " without the database"));
      }
    }
  }

  private static RevocationSource counting(RevocationSource source, AtomicLong fetches) {
    return (version, sequence) -> {
      fetches.incrementAndGet();
      return source.fetch(version, sequence);
    };
  }
}
