package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HeldTokenTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey ALICE = PrivateKey.generate(Algorithm.SECP256R1);
  private static final PrivateKey BOB = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey CAROL = PrivateKey.generate(Algorithm.ED25519);
  private static final Block GRANT = Datalog.block("holder(\"alice\");");
  private static final Block HOP = Datalog.block("holder(\"bob\"); check if tool(\"search\");");

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static UnverifiedToken chain() {
    return HeldToken.mint(ROOT, GRANT, ALICE.publicKey(), OptionalInt.of(1))
        .unverified()
        .delegate(HOP, ALICE, BOB.publicKey());
  }

  @Test
  void delegate_byHolders_verifiesAsHeldOnly() {
    UnverifiedToken token = chain();
    UnverifiedToken received = UnverifiedToken.decode(token.encode());
    HeldToken verified = received.verifyHeld(RootKeys.of(ROOT.publicKey()));

    assertThat(received.kind()).isEqualTo(Token.Kind.HELD);
    assertThat(verified.holderKey()).isEqualTo(BOB.publicKey());
    assertThat(verified.nextKeys()).containsExactly(ALICE.publicKey(), BOB.publicKey());
    assertThat(verified.signatureVersions()).containsExactly(1, 1);
    assertThat(verified.blocks()).extracting(Block.Decoded::block).containsExactly(GRANT, HOP);
    assertThat(TokenProgram.of(verified).size()).isEqualTo(2);
    assertRefused(ErrorCode.INVALID_PROOF, () -> received.verify(ROOT.publicKey()));
    assertRefused(
        ErrorCode.INVALID_SIGNATURE, () -> received.verifyHeld(RootKeys.of(CAROL.publicKey())));
  }

  @Test
  void delegate_byAnother_isRefused() {
    UnverifiedToken token = chain();

    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> token.delegate(HOP, ALICE, CAROL.publicKey()));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> token.seal(ALICE));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> token.delegateToBearer(HOP, CAROL));
    assertRefused(
        ErrorCode.INVALID_PROOF, () -> UnverifiedToken.decode(token.encode()).attenuate(HOP));
  }

  @Test
  void seal_byHolder_isOrdinarySealedToken() {
    UnverifiedToken sealed = chain().seal(BOB);
    Token verified = UnverifiedToken.decode(sealed.encode()).verify(ROOT.publicKey());

    assertThat(verified.kind()).isEqualTo(Token.Kind.SEALED);
    assertThat(verified.blocks()).isEqualTo(sealed.blocks());
  }

  @Test
  void delegateToBearer_byHolder_endsHeldChain() {
    UnverifiedToken bearer = chain().delegateToBearer(HOP, BOB).attenuate(HOP);
    Token verified = UnverifiedToken.decode(bearer.encode()).verify(ROOT.publicKey());

    assertThat(verified.kind()).isEqualTo(Token.Kind.BEARER);
    assertThat(verified.blocks()).hasSize(4);
    assertThat(verified.signatureVersions()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void append_thirdPartyBlock_keepsHolder() {
    UnverifiedToken token = chain();
    ThirdPartyBlock approval = token.thirdPartyRequest().sign(CAROL, Datalog.block("ok(true);"));
    HeldToken approved = token.append(approval, BOB).verifyHeld(RootKeys.of(ROOT.publicKey()));

    assertThat(approved.holderKey()).isEqualTo(BOB.publicKey());
    assertThat(approved.externalKeys()).containsExactly(null, null, CAROL.publicKey());
    assertRefused(
        ErrorCode.INVALID_SIGNATURE,
        () -> chain().delegate(HOP, BOB, BOB.publicKey()).append(approval, BOB));
  }

  @Test
  void verifyHeld_bearerToken_isRefused() {
    UnverifiedToken bearer = UnverifiedToken.decode(Token.mint(ROOT, GRANT).encode());

    assertRefused(ErrorCode.INVALID_PROOF, () -> bearer.verifyHeld(RootKeys.of(ROOT.publicKey())));
  }

  @Test
  void verifyHeld_blockOfAnotherToken_isRefused() {
    HeldToken mine = HeldToken.mint(ROOT, GRANT, ALICE.publicKey(), OptionalInt.empty());
    HeldToken other = HeldToken.mint(ROOT, HOP, ALICE.publicKey(), OptionalInt.empty());
    RawToken first = RawToken.decode(mine.encode(), DecodeLimits.DEFAULT);
    RawToken second =
        RawToken.decode(
            other.unverified().delegate(HOP, ALICE, BOB.publicKey()).encode(),
            DecodeLimits.DEFAULT);
    List<SignedBlock> mixed = List.of(first.blocks().get(0), second.blocks().get(1));
    byte[] moved = RawToken.of(OptionalInt.empty(), mixed, new TokenEnd.Held()).encode();

    assertRefused(
        ErrorCode.INVALID_SIGNATURE,
        () -> UnverifiedToken.decode(moved).verifyHeld(RootKeys.of(ROOT.publicKey())));
  }

  /** Even by whoever has the secret with which it ends: what is done to it is a bearer's. */
  @Test
  void unverifiedBearer_extendedAsAHeldOne_isRefused() {
    Token bearer = Token.mint(ROOT, GRANT);
    RawToken raw = RawToken.decode(bearer.encode(), DecodeLimits.DEFAULT);
    byte[] secret = ((TokenEnd.NextSecret) raw.proof()).secret().exposeCopy();
    PrivateKey next = PrivateKey.of(Algorithm.ED25519, secret);
    UnverifiedToken token = UnverifiedToken.decode(bearer.encode());
    ThirdPartyBlock signed = token.thirdPartyRequest().sign(ROOT, HOP);

    for (ThrowingCallable extension :
        List.<ThrowingCallable>of(
            () -> token.delegate(HOP, next, BOB.publicKey()),
            () -> token.delegateToBearer(HOP, next),
            () -> token.append(signed, next),
            () -> token.seal(next))) {
      assertRefused(ErrorCode.INVALID_ARGUMENT, extension);
      assertThatThrownBy(extension).hasMessageContaining("is not a held one");
    }
  }
}
