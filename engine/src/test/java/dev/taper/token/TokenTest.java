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
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignaturePayloads;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TokenTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey OTHER = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey P256 = PrivateKey.generate(Algorithm.SECP256R1);
  private static final Block GRANT = Datalog.block("right(\"file1\", \"read\");");
  private static final Block CHECK = Datalog.block("check if operation(\"read\");");
  private static final Block NEW_CHECK = Datalog.block("reject if operation(\"write\");");

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Token reload(VerifiedChain token) {
    return UnverifiedToken.decode(token.encode()).verify(token.rootKey());
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void mint_anyAlgorithm_verifies(Algorithm algorithm) {
    PrivateKey root = PrivateKey.generate(algorithm);
    for (Algorithm next : Algorithm.values()) {
      Token token =
          Token.mint(root, GRANT, Token.MintOptions.DEFAULT.withNextKeyAlgorithm(next))
              .attenuate(CHECK, next)
              .attenuate(CHECK);
      Token again = reload(token);

      assertThat(again.blocks()).isEqualTo(token.blocks());
      assertThat(again.blocks())
          .extracting(Block.Decoded::block)
          .containsExactly(GRANT, CHECK, CHECK);
      assertThat(again.nextKeys())
          .extracting(PublicKey::algorithm)
          .containsExactly(next, next, Algorithm.ED25519);
      assertThat(again.kind()).isEqualTo(Token.Kind.BEARER);
      assertThat(reload(again.seal()).kind()).isEqualTo(Token.Kind.SEALED);
      assertThat(TokenProgram.of(again).size()).isEqualTo(3);
    }
  }

  @Test
  void attenuate_oldThenNewFeatures_choosesSignatureVersion() {
    Token token = Token.mint(ROOT, GRANT).attenuate(CHECK).attenuate(NEW_CHECK).attenuate(CHECK);

    assertThat(token.blocks()).extracting(Block.Decoded::version).containsExactly(3, 3, 6, 3);
    assertThat(token.signatureVersions()).containsExactly(0, 0, 1, 1);
    assertThat(Token.mint(P256, GRANT).signatureVersions()).containsExactly(1);
    assertThat(Token.mint(ROOT, GRANT).attenuate(CHECK, Algorithm.SECP256R1).signatureVersions())
        .containsExactly(0, 1);
    assertThat(reload(token).blocks()).isEqualTo(token.blocks());
  }

  @Test
  void mint_rootKeyId_reachesRootKeys() {
    Token token = Token.mint(ROOT, GRANT, Token.MintOptions.DEFAULT.withRootKeyId(-7));
    List<OptionalInt> asked = new ArrayList<>();
    RootKeys keys =
        id -> {
          asked.add(id);
          return List.of(OTHER.publicKey(), P256.publicKey(), ROOT.publicKey());
        };

    assertThat(UnverifiedToken.decode(token.encode()).verify(keys).rootKey())
        .isEqualTo(ROOT.publicKey());
    assertThat(asked).containsExactly(OptionalInt.of(-7));
    assertThat(token.rootKeyId()).hasValue(-7);
  }

  @Test
  void verify_wrongRootKeys_isRefused() {
    UnverifiedToken token = UnverifiedToken.decode(Token.mint(ROOT, GRANT).encode());

    assertRefused(ErrorCode.UNKNOWN_ROOT_KEY, () -> token.verify(id -> List.of()));
    assertRefused(ErrorCode.INVALID_SIGNATURE, () -> token.verify(OTHER.publicKey()));
    assertRefused(ErrorCode.MALFORMED_SIGNATURE, () -> token.verify(P256.publicKey()));
    assertRefused(
        ErrorCode.INVALID_SIGNATURE,
        () -> token.verify(id -> List.of(P256.publicKey(), OTHER.publicKey())));
  }

  @Test
  void seal_token_canOnlyBeUsed() {
    Token sealed = Token.mint(ROOT, GRANT).attenuate(CHECK).seal();
    ThirdPartyBlock thirdParty = Token.mint(ROOT, GRANT).thirdPartyRequest().sign(OTHER, GRANT);
    UnverifiedToken unverified = UnverifiedToken.decode(sealed.encode());

    assertRefused(ErrorCode.SEALED, () -> sealed.attenuate(CHECK));
    assertRefused(ErrorCode.SEALED, sealed::seal);
    assertRefused(ErrorCode.SEALED, sealed::thirdPartyRequest);
    assertRefused(ErrorCode.SEALED, () -> sealed.append(thirdParty));
    assertRefused(ErrorCode.SEALED, () -> unverified.attenuate(CHECK));
    assertRefused(ErrorCode.SEALED, () -> unverified.append(thirdParty));
    assertRefused(ErrorCode.SEALED, unverified::thirdPartyRequest);
    assertThat(unverified.isSealed()).isTrue();
    assertThat(reload(sealed).blocks()).isEqualTo(sealed.blocks());
  }

  @Test
  void attenuate_unverified_verifiesLater() {
    UnverifiedToken token = UnverifiedToken.decode(Token.mint(ROOT, GRANT).encodeBase64());
    UnverifiedToken narrower = token.attenuate(CHECK);
    ThirdPartyBlock block = narrower.thirdPartyRequest().sign(P256, GRANT);
    Token verified = narrower.append(block).verify(ROOT.publicKey());

    assertThat(verified.blocks())
        .extracting(Block.Decoded::block)
        .containsExactly(GRANT, CHECK, GRANT);
    assertThat(verified.externalKeys()).containsExactly(null, null, P256.publicKey());
  }

  @Test
  void append_thirdPartyBlock_isBoundToItsToken() {
    Token token = Token.mint(ROOT, GRANT);
    ThirdPartyBlock.Request request =
        ThirdPartyBlock.Request.decode(token.thirdPartyRequest().encodeBase64());
    ThirdPartyBlock block = ThirdPartyBlock.decode(request.sign(OTHER, CHECK).encodeBase64());
    Token appended = token.append(block);

    assertThat(block.externalKey()).isEqualTo(OTHER.publicKey());
    assertThat(block.block().block()).isEqualTo(CHECK);
    assertThat(block.block().version()).isEqualTo(5);
    assertThat(appended.signatureVersions()).containsExactly(0, 1);
    assertThat(reload(appended).blocks()).isEqualTo(appended.blocks());
    assertRefused(ErrorCode.INVALID_SIGNATURE, () -> Token.mint(ROOT, GRANT).append(block));
    assertRefused(ErrorCode.INVALID_SIGNATURE, () -> appended.append(block));
    assertRefused(ErrorCode.INVALID_SIGNATURE, () -> token.attenuate(CHECK).append(block));
  }

  @Test
  void append_thirdPartyBlockOfAnotherKey_isRefused() {
    Token token = Token.mint(ROOT, GRANT);
    Signer liar =
        new Signer() {
          @Override
          public PublicKey publicKey() {
            return OTHER.publicKey();
          }

          @Override
          public byte[] sign(byte[] message) {
            return ROOT.sign(message);
          }
        };

    assertRefused(
        ErrorCode.INVALID_SIGNATURE,
        () -> token.append(token.thirdPartyRequest().sign(liar, CHECK)));
  }

  @Test
  void verify_authorityWithExternalSignature_isRefused() {
    SignedBlock.External external = SignedBlock.External.of(new byte[64], OTHER.publicKey());
    SignedBlock block = SignedBlock.of(new byte[0], OTHER.publicKey(), new byte[64], external, 1);

    assertRefused(ErrorCode.MALFORMED_TOKEN, () -> decode(List.of(block), new TokenEnd.Held()));
  }

  @Test
  void verify_thirdPartyBlockOfVersion0_isRefused() {
    RawToken token = RawToken.decode(Token.mint(ROOT, GRANT).encode(), DecodeLimits.DEFAULT);
    SignedBlock.External external = SignedBlock.External.of(new byte[64], OTHER.publicKey());
    SignedBlock block = SignedBlock.of(new byte[0], OTHER.publicKey(), new byte[64], external, 0);
    SignedBlock newer = SignedBlock.of(new byte[0], OTHER.publicKey(), new byte[64], external, 1);
    SignedBlock first = token.blocks().get(0);

    for (List<SignedBlock> blocks :
        List.of(
            List.of(first, block), List.of(first, newer, block), List.of(first, block, newer))) {
      assertRefused(ErrorCode.UNSUPPORTED_VERSION, () -> decode(blocks, token.proof()));
    }
    assertThat(decode(List.of(first, newer, newer), token.proof()).blockCount()).isEqualTo(3);
  }

  private static UnverifiedToken decode(List<SignedBlock> blocks, TokenEnd proof) {
    return UnverifiedToken.decode(RawToken.of(OptionalInt.empty(), blocks, proof).encode());
  }

  @Test
  void verify_changedProof_isRefused() {
    Token token = Token.mint(ROOT, GRANT).attenuate(CHECK);
    RawToken raw = RawToken.decode(token.encode(), DecodeLimits.DEFAULT);
    RawToken sealed = RawToken.decode(token.seal().encode(), DecodeLimits.DEFAULT);
    UnverifiedToken stolen = decode(raw.blocks(), new TokenEnd.NextSecret(OTHER.secret()));

    assertRefused(ErrorCode.INVALID_PROOF, () -> stolen.verify(ROOT.publicKey()));
    assertRefused(ErrorCode.INVALID_PROOF, () -> stolen.attenuate(CHECK));
    UnverifiedToken held = decode(raw.blocks(), new TokenEnd.Held());
    assertRefused(ErrorCode.INVALID_PROOF, () -> held.verify(ROOT.publicKey()));
    assertRefused(ErrorCode.INVALID_PROOF, () -> held.attenuate(CHECK));
    UnverifiedToken badSeal = decode(raw.blocks(), new TokenEnd.FinalSignature(new byte[64]));
    assertRefused(ErrorCode.INVALID_SIGNATURE, () -> badSeal.verify(ROOT.publicKey()));
    UnverifiedToken noSeal = decode(raw.blocks(), new TokenEnd.FinalSignature(new byte[3]));
    assertRefused(ErrorCode.MALFORMED_SIGNATURE, () -> noSeal.verify(ROOT.publicKey()));
    // The last block taken off: neither the secret nor the seal fits the block before.
    for (TokenEnd proof : List.of(raw.proof(), sealed.proof())) {
      UnverifiedToken cut = decode(raw.blocks().subList(0, 1), proof);
      assertThatThrownBy(() -> cut.verify(ROOT.publicKey())).isInstanceOf(TaperException.class);
    }
  }

  @Test
  void verify_forgedTokenWithBadBlock_reportsSignature() {
    byte[] garbage = {(byte) 0xFF};
    SignedBlock forged = SignedBlock.of(garbage, OTHER.publicKey(), new byte[64], null, 0);
    byte[] message = SignaturePayloads.block(0, garbage, OTHER.publicKey(), null, null);
    SignedBlock signed = SignedBlock.of(garbage, OTHER.publicKey(), ROOT.sign(message), null, 0);
    TokenEnd proof = new TokenEnd.NextSecret(OTHER.secret());

    assertRefused(
        ErrorCode.INVALID_SIGNATURE, () -> decode(List.of(forged), proof).verify(ROOT.publicKey()));
    assertRefused(
        ErrorCode.MALFORMED_BLOCK, () -> decode(List.of(signed), proof).verify(ROOT.publicKey()));
  }

  @Test
  void attenuate_tooMuch_isRefused() {
    Token token = Token.mint(ROOT, GRANT);
    while (token.blocks().size() < DecodeLimits.DEFAULT.maxBlocks()) {
      token = token.attenuate(CHECK);
    }
    Token full = token;
    Block large = Block.builder().context("x".repeat(65_000)).build();

    assertThat(reload(full).blocks()).hasSize(32);
    assertRefused(ErrorCode.DECODE_LIMIT, () -> full.attenuate(CHECK));
    assertRefused(ErrorCode.DECODE_LIMIT, () -> Token.mint(ROOT, large).attenuate(large));
  }

  @Test
  void attenuate_newSymbols_shareTables() {
    Token token =
        Token.mint(ROOT, Datalog.block("a(\"x\");")).attenuate(Datalog.block("b(\"x\");"));

    assertThat(token.blocks())
        .extracting(Block.Decoded::symbols)
        .containsExactly(List.of("a", "x"), List.of("b"));
  }

  @Test
  void mint_sameKeys_givesSameToken() {
    KeySource keys = algorithm -> OTHER;
    Token one = Token.mint(ROOT, GRANT, Token.MintOptions.DEFAULT, keys);
    Token two = Token.mint(ROOT, GRANT, Token.MintOptions.DEFAULT, keys);

    assertThat(one.encode()).isEqualTo(two.encode());
    assertThat(Token.mint(ROOT, GRANT).encode()).isNotEqualTo(one.encode());
  }

  @Test
  void revocationKeys_ecdsaTwin_areTheSame() {
    Token token = Token.mint(P256, GRANT);
    RawToken raw = RawToken.decode(token.encode(), DecodeLimits.DEFAULT);
    SignedBlock block = raw.blocks().get(0);
    SignedBlock twin =
        SignedBlock.of(block.payload(), block.nextKey(), EcdsaTwin.of(block.signature()), null, 1);
    Token other = decode(List.of(twin), raw.proof()).verify(P256.publicKey());

    assertThat(other.revocationIds().get(0)).isNotEqualTo(token.revocationIds().get(0));
    assertThat(other.revocationKeys().get(0)).isEqualTo(token.revocationKeys().get(0));
  }

  @Test
  void toString_tokens_hideSecrets() {
    Token token = Token.mint(ROOT, GRANT, Token.MintOptions.DEFAULT, algorithm -> OTHER);
    String secret = HexFormat.of().formatHex(OTHER.secret().exposeCopy());

    assertThat(HexFormat.of().formatHex(token.encode())).contains(secret);
    assertThat(token.toString() + UnverifiedToken.decode(token.encode()))
        .doesNotContain(secret)
        .contains("BEARER");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "QQ, 41",
    "QQ==, 41",
    "QUI, 4142",
    "QUI=, 4142",
    "QUJD, 414243",
    "-_-_, fbffbf"
  })
  void decode_base64_isRead(String text, String hex) {
    assertThat(HexFormat.of().formatHex(Base64Url.decode(text, 100))).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource({
    "A",
    "QQ=",
    "QQ===",
    "QR",
    "QUJ",
    "QUI==",
    "QUJD=",
    "QUJD====",
    "Q=Q=",
    "QQ+A",
    "QQ/A",
    "'QUJD '",
    "'\nQUJD'",
    "é123",
    "====",
    "="
  })
  void decode_badBase64_isRefused(String text) {
    assertRefused(ErrorCode.INVALID_BASE64, () -> Base64Url.decode(text, 100));
    assertRefused(ErrorCode.INVALID_BASE64, () -> UnverifiedToken.decode("biscuit:" + text));
  }

  @Test
  void decode_prefixAndPadding_areOptional() {
    Token token = Token.mint(ROOT, GRANT);
    String text = token.encodeBase64();

    for (String form : List.of(text, "biscuit:" + text, text.replace("=", ""))) {
      assertThat(UnverifiedToken.decode(form).encode()).isEqualTo(token.encode());
    }
    assertRefused(
        ErrorCode.INVALID_BASE64, () -> UnverifiedToken.decode("biscuit:biscuit:" + text));
    assertRefused(
        ErrorCode.DECODE_LIMIT,
        () -> UnverifiedToken.decode(text, DecodeLimits.DEFAULT.withMaxBytes(40)));
    assertRefused(
        ErrorCode.DECODE_LIMIT,
        () -> UnverifiedToken.decode(token.encode(), DecodeLimits.DEFAULT.withMaxBytes(40)));
  }
}
