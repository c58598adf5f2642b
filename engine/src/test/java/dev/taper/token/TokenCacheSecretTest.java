package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.SecretBytes;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.RevocationList;
import dev.taper.wire.RawToken;
import dev.taper.wire.TokenEnd;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Walks through everything that a cache keeps alive: the secret of a bearer token is not there. */
class TokenCacheSecretTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final TokenCache cache = TokenCache.of(1 << 20);
  private final Token token =
      Token.mint(root, Datalog.block("user(\"alice\");"))
          .attenuate(Datalog.block("check if user(\"alice\");"));

  @Test
  void entries_ofABearerTokenThatWasUsed_holdNoSecret() throws IllegalAccessException {
    PolicySet policies = PolicySet.of(Datalog.authorizer("allow if true;"));
    for (int i = 0; i < 3; i++) {
      Token verified = cache.verify(token.encode(), RootKeys.of(root.publicKey()));
      policies.authorize(verified);
      verified.reading(String.class, VerifiedChain::toString);
    }

    assertThat(cache.entries()).hasSize(2);
    assertThat(find(cache.entries(), token.encode())).isNull();
    // The walk does find it where it is.
    assertThat(find(Map.of("token", token), token.encode())).isNotNull();
  }

  @Test
  void entries_ofABearerDelegationThatWasDecidedAbout_holdNoSecret() throws IllegalAccessException {
    PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
    byte[] bearer =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", holder.publicKey()))
                    .task("T-4711")
                    .grant("jira.*")
                    .withoutExpiry())
            .delegate(holder, Hop.toBearer())
            .encode();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .acceptBearer()
            .revocations(RevocationList.trusting(root.publicKey()).forgottenAtRestart().build())
            .tokenCache(cache)
            .build();

    for (int i = 0; i < 3; i++) {
      verifier
          .decide(
              UnverifiedToken.decode(bearer), ToolCall.of("jira.search"), null, SentApprovals.NONE)
          .explanation();
    }

    assertThat(cache.statistics().hits()).isEqualTo(2);
    assertThat(find(cache.entries(), bearer)).isNull();
  }

  private static @Nullable Object find(Object from, byte[] token) throws IllegalAccessException {
    TokenEnd proof = RawToken.decode(token, DecodeLimits.DEFAULT).proof();
    byte[] secret = ((TokenEnd.NextSecret) proof).secret().exposeCopy();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>();
    left.add(from);
    while (!left.isEmpty()) {
      Object object = left.pop();
      if (object instanceof SecretBytes
          || (object instanceof byte[] bytes && holds(bytes, secret))) {
        return object;
      }
      if (!seen.add(object) || object instanceof TokenCache) {
        continue;
      }
      if (object instanceof Map<?, ?> map) {
        map.forEach(
            (key, value) -> {
              left.add(key);
              left.add(value);
            });
      } else if (object instanceof Iterable<?> all) {
        all.forEach(one -> push(left, one));
      } else if (object instanceof Object[] all) {
        Arrays.asList(all).forEach(one -> push(left, one));
      } else if (object.getClass().getName().startsWith("dev.taper.")) {
        fields(object, left);
      }
    }
    return null;
  }

  private static void fields(Object object, Deque<Object> left) throws IllegalAccessException {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        boolean ours = type.getName().startsWith("dev.taper.");
        if (ours && !Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          push(left, field.get(object));
        }
      }
    }
  }

  private static void push(Deque<Object> left, @Nullable Object object) {
    if (object != null) {
      left.add(object);
    }
  }

  private static boolean holds(byte[] bytes, byte[] secret) {
    for (int i = 0; i + secret.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + secret.length, secret, 0, secret.length)) {
        return true;
      }
    }
    return false;
  }
}
