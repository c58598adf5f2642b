package dev.taper.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SampleTokens;
import dev.taper.testing.SampleTokens.Sample;
import dev.taper.token.Token;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every authorization of the official samples ends the same with and without a token cache. */
@NeedsSharedData("biscuit-samples")
class CachedSamplesTest {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Case(byte[] token, PolicySet policies) {}

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (Sample sample : SampleTokens.all()) {
      for (String code : sample.authorizers()) {
        cases.add(new Case(sample.bytes(), PolicySet.of(Datalog.authorizer(code))));
      }
    }
    return cases;
  }

  private static List<String> answers(List<Case> cases, Function<byte[], Token> verify) {
    List<String> answers = new ArrayList<>();
    for (Case one : cases) {
      try {
        Token token = verify.apply(one.token());
        Authorization authorization = one.policies().authorizer(token).run();
        Decision decision = authorization.decide();
        answers.add(decision + "\n" + decision.explain() + "\n" + authorization.facts());
      } catch (TaperException e) {
        answers.add(e.code() + ": " + e.getMessage());
      }
    }
    return answers;
  }

  @Test
  void authorize_everySample_endsTheSameWithCachesOffColdAndWarm() throws Exception {
    RootKeys keys = RootKeys.of(SampleTokens.rootKey());
    List<Case> cases = cases();
    assertThat(cases).hasSize(50);
    List<String> expected = answers(cases, bytes -> UnverifiedToken.decode(bytes).verify(keys));
    TokenCache warm = TokenCache.of(1 << 24);

    assertThat(answers(cases, bytes -> TokenCache.of(1 << 24).verify(bytes, keys)))
        .isEqualTo(expected);
    assertThat(answers(cases, bytes -> warm.verify(bytes, keys))).isEqualTo(expected);
    assertThat(answers(cases, bytes -> warm.verify(bytes, keys))).isEqualTo(expected);
    assertThat(warm.statistics().hits()).isGreaterThan(50);

    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      TokenCache shared = TokenCache.of(1 << 24);
      List<Future<List<String>>> running = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        running.add(threads.submit(() -> answers(cases, bytes -> shared.verify(bytes, keys))));
      }
      for (Future<List<String>> one : running) {
        assertThat(one.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
