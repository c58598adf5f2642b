package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.RawToken;
import dev.taper.wire.TokenEnd;
import dev.taper.wire.TokenOutline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TokenCacheTest {
  private static final Block AUTHORITY = Datalog.block("user(\"alice\"); right(\"read\");");
  private static final Block NARROWER = Datalog.block("check if operation(\"read\");");
  private static final Block NARROWEST = Datalog.block("check if resource(\"/a\");");

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
  private final RootKeys keys = RootKeys.of(root.publicKey());
  private final TokenCache cache = TokenCache.of(1 << 20);
  private final Token token = Token.mint(root, AUTHORITY).attenuate(NARROWER);

  private static void assertThrows(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private void assertCounts(long hits, long prefixHits, long misses) {
    TokenCache.Statistics counted = cache.statistics();
    assertThat(List.of(counted.hits(), counted.prefixHits(), counted.misses()))
        .as("hits, prefix hits, misses")
        .containsExactly(hits, prefixHits, misses);
  }

  @Test
  void verify_sameTokenAgain_isAHitAndSharesWhatWasMadeOfIt() {
    byte[] bytes = token.encode();

    Token first = cache.verify(bytes, keys);
    Token again = cache.verify(bytes.clone(), keys);

    assertCounts(1, 0, 1);
    assertThat(TokenProgram.of(again)).isSameAs(TokenProgram.of(first));
    assertThat(again.blocks()).isEqualTo(token.blocks());
    assertThat(again.rootKey()).isEqualTo(root.publicKey());
    assertThat(again.kind()).isEqualTo(Token.Kind.BEARER);
    assertThat(again.encode()).isEqualTo(bytes);
    assertThat(again.revocationIds()).containsExactlyElementsOf(token.revocationIds());
  }

  @Test
  void verify_tokenThatCarriesOn_isAPrefixHit() {
    cache.verify(token.encode(), keys);
    Token narrower = token.attenuate(NARROWEST);

    Token verified = cache.verify(narrower.encode(), keys);

    assertCounts(0, 1, 1);
    assertThat(verified.blocks()).isEqualTo(narrower.blocks());
    cache.verify(token.encode(), keys);
    cache.verify(narrower.encode(), keys);
    assertCounts(2, 1, 1);
  }

  @Test
  void verify_ancestorOfAKnownToken_isAHit() {
    Token parent = Token.mint(root, AUTHORITY);
    cache.verify(parent.attenuate(NARROWER).attenuate(NARROWEST).encode(), keys);

    assertThat(cache.verify(parent.encode(), keys).blocks()).isEqualTo(parent.blocks());
    assertCounts(1, 0, 1);
  }

  @Test
  void verify_siblingOfAKnownToken_isAPrefixHit() {
    Token parent = Token.mint(root, AUTHORITY).attenuate(NARROWER);
    cache.verify(parent.attenuate(NARROWEST).encode(), keys);

    cache.verify(parent.attenuate(NARROWER).encode(), keys);

    assertCounts(0, 1, 1);
  }

  @Test
  void verify_keyNoLongerTrusted_throwsAlthoughKnown() {
    cache.verify(token.encode(), keys);

    assertThrows(
        () -> cache.verify(token.encode(), RootKeys.of(other.publicKey())),
        ErrorCode.INVALID_SIGNATURE);
    assertThrows(() -> cache.verify(token.encode(), id -> List.of()), ErrorCode.UNKNOWN_ROOT_KEY);
    cache.verify(token.encode(), keys);
    assertCounts(1, 0, 1);
  }

  @Test
  void verify_keyIdChanged_asksForTheCandidatesOfTheNewOne() {
    RootKeys byId =
        id -> id.orElse(0) == 7 ? List.of(root.publicKey()) : List.of(other.publicKey());
    RawToken raw = RawToken.decode(token.encode(), DecodeLimits.DEFAULT);
    byte[] seventh = RawToken.of(OptionalInt.of(7), raw.blocks(), raw.proof()).encode();
    byte[] eighth = RawToken.of(OptionalInt.of(8), raw.blocks(), raw.proof()).encode();

    cache.verify(seventh, byId);

    assertThat(cache.verify(seventh, byId).rootKeyId()).hasValue(7);
    assertThat(cache.verify(seventh, byId).encode()).isEqualTo(seventh);
    assertThrows(() -> cache.verify(eighth, byId), ErrorCode.INVALID_SIGNATURE);
    assertThrows(() -> cache.verify(token.encode(), byId), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void verify_keyPutBeforeTheOneThatSigned_isTriedFirst() {
    List<PublicKey> asked = new ArrayList<>(List.of(root.publicKey()));
    cache.verify(token.encode(), id -> asked);
    asked.add(0, other.publicKey());

    assertThat(cache.verify(token.encode(), id -> asked).rootKey()).isEqualTo(root.publicKey());
    assertCounts(0, 0, 2);
    assertThat(cache.verify(token.encode(), id -> asked).rootKey()).isEqualTo(root.publicKey());
    assertCounts(1, 0, 2);
  }

  @Test
  void verify_otherSecret_throwsAlthoughTheBlocksAreKnown() {
    cache.verify(token.encode(), keys);
    cache.verify(token.encode(), keys);
    RawToken raw = RawToken.decode(token.encode(), DecodeLimits.DEFAULT);
    byte[] forged =
        RawToken.of(raw.rootKeyId(), raw.blocks(), new TokenEnd.NextSecret(other.secret()))
            .encode();

    assertThrows(() -> cache.verify(forged, keys), ErrorCode.INVALID_PROOF);
    assertThrows(() -> cache.verify(forged, keys), ErrorCode.INVALID_PROOF);
    cache.verify(token.encode(), keys);
  }

  @Test
  void verify_knownTokenCutToItsParent_needsTheParentsSecret() {
    Token parent = Token.mint(root, AUTHORITY);
    Token child = parent.attenuate(NARROWER);
    cache.verify(parent.encode(), keys);
    cache.verify(child.encode(), keys);
    RawToken raw = RawToken.decode(child.encode(), DecodeLimits.DEFAULT);
    byte[] cut = RawToken.of(raw.rootKeyId(), raw.blocks().subList(0, 1), raw.proof()).encode();

    assertThrows(() -> cache.verify(cut, keys), ErrorCode.INVALID_PROOF);
  }

  @Test
  void verify_secretInThePlaceOfASeal_throws() {
    cache.verify(token.encode(), keys);
    RawToken raw = RawToken.decode(token.encode(), DecodeLimits.DEFAULT);
    byte[] secret = ((TokenEnd.NextSecret) raw.proof()).secret().exposeCopy();
    byte[] forged =
        RawToken.of(raw.rootKeyId(), raw.blocks(), new TokenEnd.FinalSignature(secret)).encode();

    assertThrows(() -> cache.verify(forged, keys), ErrorCode.MALFORMED_SIGNATURE);
  }

  @Test
  void verify_sealedToken_isAHitAndItsSealIsChecked() {
    Token sealed = token.seal();
    byte[] bytes = sealed.encode();
    cache.verify(bytes, keys);
    byte[] broken = bytes.clone();
    broken[broken.length - 1] ^= 1;

    assertThat(cache.verify(bytes, keys).kind()).isEqualTo(Token.Kind.SEALED);
    assertThat(cache.verify(bytes, keys).encode()).isEqualTo(bytes);
    assertThatThrownBy(() -> cache.verify(broken, keys)).isInstanceOf(TaperException.class);
    assertThat(cache.verify(token.encode(), keys).kind()).isEqualTo(Token.Kind.BEARER);
  }

  @Test
  void verify_failedOnce_isNotRememberedAsGood() {
    byte[] forged = token.encode();
    forged[forged.length / 2] ^= 1;

    String first = failure(() -> cache.verify(forged, keys));
    String second = failure(() -> cache.verify(forged, keys));

    assertThat(second).isEqualTo(first).isEqualTo(failure(() -> cold(forged)));
    assertThat(cache.statistics().entries()).isZero();
  }

  private void cold(byte[] bytes) {
    var unused = UnverifiedToken.decode(bytes).verify(keys);
  }

  private static String failure(Runnable call) {
    try {
      call.run();
      return "";
    } catch (TaperException e) {
      return e.code() + ": " + e.getMessage();
    }
  }

  /** Every byte of a known token changed, and every cut: the answer is that of no cache. */
  @Test
  void verify_everyMutationOfAKnownToken_answersAsWithoutACache() {
    byte[] known = token.encode();
    cache.verify(known, keys);
    for (int i = 0; i < known.length; i++) {
      byte[] mutant = known.clone();
      mutant[i] ^= (byte) (1 << (i % 8));
      assertThat(failure(() -> cache.verify(mutant, keys)))
          .as("byte %d", i)
          .isEqualTo(failure(() -> cold(mutant)));
      byte[] cut = Arrays.copyOf(known, i);
      assertThat(failure(() -> cache.verify(cut, keys)))
          .as("cut to %d", i)
          .isEqualTo(failure(() -> cold(cut)));
    }
  }

  @Test
  void verifyAny_heldToken_isHeldAndVerifyRefusesIt() {
    HeldToken held = HeldToken.mint(root, AUTHORITY, other.publicKey(), OptionalInt.empty());
    cache.verifyAny(held.encode(), keys);

    HeldToken again = (HeldToken) cache.verifyAny(held.encodeBase64(), keys, first -> {});

    assertThat(again.holderKey()).isEqualTo(other.publicKey());
    assertCounts(1, 0, 1);
    assertThrows(() -> cache.verify(held.encode(), keys), ErrorCode.INVALID_PROOF);
  }

  @Test
  void verifyAny_decodedWithOtherLimits_bypassesTheCache() {
    DecodeLimits wider = DecodeLimits.DEFAULT.withMaxBlocks(40);
    UnverifiedToken decoded = UnverifiedToken.decode(token.encode(), wider);

    cache.verifyAny(decoded, keys, first -> {});

    assertCounts(0, 0, 0);
    cache.verifyAny(UnverifiedToken.decode(token.encode()), keys, first -> {});
    cache.verifyAny(UnverifiedToken.decode(token.encode()), keys, first -> {});
    assertCounts(1, 0, 1);
  }

  @Test
  void verify_fieldsInAnotherOrder_isVerifiedAndNotEntered() {
    byte[] bytes = token.encode();
    int authority = Objects.requireNonNull(TokenOutline.of(bytes)).end(0);
    byte[] reordered = new byte[bytes.length];
    System.arraycopy(bytes, authority, reordered, 0, bytes.length - authority);
    System.arraycopy(bytes, 0, reordered, bytes.length - authority, authority);

    assertThat(failure(() -> cache.verify(reordered, keys)))
        .isEqualTo(failure(() -> cold(reordered)));
    assertThat(cache.statistics().entries()).isZero();
  }

  @Test
  void revocationIds_changedByTheCaller_doNotReachTheCache() {
    byte[] bytes = token.encode();
    Arrays.fill(cache.verify(bytes, keys).revocationIds().get(0), (byte) 0);
    Arrays.fill(cache.verify(bytes, keys).encode(), (byte) 0);

    assertThat(cache.verify(bytes, keys).revocationIds().get(0))
        .isEqualTo(token.revocationIds().get(0));
    assertThat(cache.verify(bytes, keys).encode()).isEqualTo(bytes);
  }

  @Test
  void of_negativeBound_throws() {
    assertThrows(() -> TokenCache.of(-1), ErrorCode.INVALID_ARGUMENT);
  }

  /** A caller that uses its array again must not change what was verified, however long it is. */
  @Test
  void verify_arrayChangedAfterwards_staysWhatWasVerified() {
    byte[] bytes = token.encode();
    for (int most : new int[] {bytes.length, bytes.length + 1}) {
      TokenCache exact = TokenCache.of(1 << 20, DecodeLimits.DEFAULT.withMaxBytes(most));
      byte[] reused = bytes.clone();
      Token verified = exact.verify(reused, keys);

      Arrays.fill(reused, (byte) 0);

      assertThat(verified.encode()).isEqualTo(bytes);
      assertThat(exact.verify(bytes, keys).encode()).isEqualTo(bytes);
    }
  }

  @Test
  void clear_knownToken_isForgotten() {
    cache.verify(token.encode(), keys);

    cache.clear();

    assertThat(cache.statistics().entries()).isZero();
    assertThat(cache.statistics().bytes()).isZero();
  }
}
