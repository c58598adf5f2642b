package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignaturePayloads;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a chain with a wrong signature, whichever it is, the first wrong one is named. */
class ChainFailureTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey OTHER = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey P256 = PrivateKey.generate(Algorithm.SECP256R1);
  private static final Block BLOCK = Datalog.block("check if operation(\"read\");");
  private static final byte[] MALFORMED = new byte[3];

  private static final RootKeys ONE = RootKeys.of(ROOT.publicKey());
  private static final RootKeys SECOND = id -> List.of(OTHER.publicKey(), ROOT.publicKey());

  /** Third parties signed the second block, the third and the fifth. */
  private static final Token TOKEN = token();

  private static Token token() {
    Token token = Token.mint(ROOT, BLOCK);
    token = token.append(token.thirdPartyRequest().sign(P256, BLOCK));
    token = token.append(token.thirdPartyRequest().sign(OTHER, BLOCK));
    token = token.attenuate(BLOCK);
    return token.append(token.thirdPartyRequest().sign(OTHER, BLOCK)).attenuate(BLOCK);
  }

  private static RawToken raw() {
    return RawToken.decode(TOKEN.encode(), DecodeLimits.DEFAULT);
  }

  private static byte[] encode(List<SignedBlock> blocks, TokenEnd proof) {
    return RawToken.of(OptionalInt.empty(), blocks, proof).encode();
  }

  /** The token with another signature of a block. */
  private static byte[] with(int index, byte[] signature) {
    List<SignedBlock> blocks = new ArrayList<>(raw().blocks());
    SignedBlock block = blocks.get(index);
    blocks.set(
        index,
        SignedBlock.of(
            block.payload(), block.nextKey(), signature, block.external(), block.version()));
    return encode(blocks, raw().proof());
  }

  /**
   * The token with another signature of a third party, under a block that is signed anew, as its
   * signer could do.
   */
  private static byte[] withExternal(int index, byte[] signature) {
    List<PrivateKey> signers = new ArrayList<>(List.of(ROOT));
    List<SignedBlock> blocks = new ArrayList<>();
    for (SignedBlock block : raw().blocks()) {
      int i = blocks.size();
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      byte[] previous = i == 0 ? null : blocks.get(i - 1).signature();
      SignedBlock.External external = block.external();
      if (external != null) {
        PrivateKey party = external.publicKey().equals(P256.publicKey()) ? P256 : OTHER;
        byte[] message =
            SignaturePayloads.external(block.payload(), Objects.requireNonNull(previous));
        external =
            SignedBlock.External.of(
                i == index ? signature : party.sign(message), party.publicKey());
      }
      byte[] message =
          SignaturePayloads.block(
              1,
              block.payload(),
              next.publicKey(),
              previous,
              external == null ? null : external.signature());
      blocks.add(
          SignedBlock.of(
              block.payload(), next.publicKey(), signers.get(i).sign(message), external, 1));
      signers.add(next);
    }
    return encode(blocks, new TokenEnd.NextSecret(signers.get(blocks.size()).secret()));
  }

  private static void assertNamed(byte[] token, ErrorCode code, String said) {
    for (RootKeys keys : List.of(ONE, SECOND)) {
      Refused.with(code, said, () -> UnverifiedToken.decode(token).verify(keys));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void verify_signatureOfABlock_namesIt(int index) {
    String place = "block[" + index + "]: the signature ";

    assertNamed(
        with(index, OTHER.sign(new byte[1])), ErrorCode.INVALID_SIGNATURE, place + "does not");
    assertNamed(with(index, MALFORMED), ErrorCode.MALFORMED_SIGNATURE, place + "is malformed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void verify_signatureOfAThirdParty_namesIt(int index) {
    PrivateKey party = index == 1 ? P256 : OTHER;
    String place = "block[" + index + "]: the external signature ";

    assertNamed(
        withExternal(index, party.sign(new byte[1])),
        ErrorCode.INVALID_SIGNATURE,
        place + "does not");
    assertNamed(
        withExternal(index, MALFORMED), ErrorCode.MALFORMED_SIGNATURE, place + "is malformed");
  }

  @Test
  void verify_signedAnew_isTaken() {
    byte[] token = withExternal(-1, MALFORMED);

    assertThat(UnverifiedToken.decode(token).verify(ONE).blocks()).isEqualTo(TOKEN.blocks());
  }

  /** A longer token whose first blocks are known is judged by the others. */
  @Test
  void verify_knownFirstBlocks_namesTheBlockOfTheToken() {
    for (int index = 1; index < 6; index++) {
      TokenCache cache = TokenCache.of(1 << 20);
      byte[] bad = with(index, OTHER.sign(new byte[1]));
      assertThat(cache.verify(TOKEN.encode(), ONE).blocks()).hasSize(6);
      Refused.with(
          ErrorCode.INVALID_SIGNATURE,
          "block[" + index + "]: the signature",
          () -> cache.verify(bad, ONE));
    }
  }

  @Test
  void verify_noRootKey_saysWhatIsKnownOfTheSigner() {
    byte[] named = Token.mint(P256, BLOCK, Token.MintOptions.DEFAULT.withRootKeyId(-7)).encode();
    byte[] unstructured = with(0, MALFORMED);

    refused(named, List.of(), "no root key with the id 4294967289, which the token names, is");
    refused(named, List.of(), "it was signed with a key of secp256r1");
    refused(TOKEN.encode(), List.of(), "no root key is trusted now, and the token names no id");
    refused(TOKEN.encode(), List.of(), "it was signed with a key of ed25519");
    refused(unstructured, List.of(), "it was signed with no key known here");
  }

  @Test
  void verify_wrongRootKeys_namesThreeOfThem() {
    List<PublicKey> keys =
        new ArrayList<>(
            List.of(OTHER.publicKey(), P256.publicKey(), generated(), generated(), generated()));
    String three = keys.get(0) + ", " + keys.get(1) + ", " + keys.get(2);

    refused(TOKEN.encode(), keys.subList(0, 1), "with a key of ed25519, tried was " + keys.get(0));
    refused(TOKEN.encode(), keys.subList(0, 2), "tried were " + keys.get(0) + ", " + keys.get(1));
    assertThat(refused(TOKEN.encode(), keys.subList(0, 3), three)).endsWith(three);
    assertThat(refused(TOKEN.encode(), keys.subList(0, 4), three)).endsWith(" and 1 more");
    assertThat(refused(TOKEN.encode(), keys, three)).endsWith(" and 2 more");
    Collections.reverse(keys);
    refused(TOKEN.encode(), keys, "tried were " + keys.get(0));
  }

  /** One key of the signature's algorithm among those tried makes it wrong, and not malformed. */
  @Test
  void verify_rootKeysOfTwoAlgorithms_malformedOnlyForAll() {
    for (List<PublicKey> keys :
        List.of(
            List.of(P256.publicKey(), OTHER.publicKey()),
            List.of(OTHER.publicKey(), P256.publicKey()))) {
      Refused.with(
          ErrorCode.INVALID_SIGNATURE,
          () -> UnverifiedToken.decode(TOKEN.encode()).verify(id -> keys));
    }
    Refused.with(
        ErrorCode.MALFORMED_SIGNATURE,
        () -> UnverifiedToken.decode(TOKEN.encode()).verify(id -> List.of(P256.publicKey())));
  }

  private static PublicKey generated() {
    return PrivateKey.generate(Algorithm.ED25519).publicKey();
  }

  private static String refused(byte[] token, List<PublicKey> keys, String said) {
    ErrorCode code = keys.isEmpty() ? ErrorCode.UNKNOWN_ROOT_KEY : ErrorCode.INVALID_SIGNATURE;
    return Refused.with(code, said, () -> UnverifiedToken.decode(token).verify(id -> keys));
  }
}
