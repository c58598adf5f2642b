package dev.taper.integrations.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.testing.Refused;
import dev.taper.testing.SignerUses;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.KmsClient;

/** Signs with keys of a server that does as AWS KMS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // one server for all tests
class KmsSignerTest {
  private static final byte[] MESSAGE = {1, 2, 3};

  private Moto moto;
  private KmsClient client;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    moto = Moto.start(folder);
    client = moto.client();
  }

  @AfterAll
  void stop() throws Exception {
    TearDown.close(moto);
  }

  @Test
  void sign_everyUse_verifies(@TempDir Path folder) {
    String arn = moto.key();
    KmsSigner signer = KmsSigner.of(client, arn);

    assertThat(signer.publicKey().algorithm()).isEqualTo(Algorithm.SECP256R1);
    assertThat(arn).endsWith(signer.keyId());
    assertThat(signer)
        .hasToString("KmsSigner(of " + signer.publicKey() + ", " + signer.keyId() + ")");
    SignerUses.all(signer, folder);
  }

  @Test
  void of_idOrAliasOrArn_isOneKey() {
    String arn = moto.key();
    String id = arn.substring(arn.indexOf('/') + 1);
    client.createAlias(r -> r.aliasName("alias/root").targetKeyId(id));

    for (String name : new String[] {id, "alias/root", arn.replace("key/" + id, "alias/root")}) {
      KmsSigner signer = KmsSigner.of(client, name);
      assertThat(signer.publicKey()).isEqualTo(KmsSigner.of(client, arn).publicKey());
      assertThat(signer.keyId()).isEqualTo(id);
    }
  }

  /** An alias says which key to begin with, not who signs later. */
  @Test
  void sign_aliasWasMoved_isByTheSameKey() {
    client.createAlias(r -> r.aliasName("alias/moving").targetKeyId(moto.key()));
    KmsSigner before = KmsSigner.of(client, "alias/moving");
    client.updateAlias(r -> r.aliasName("alias/moving").targetKeyId(moto.key()));
    KmsSigner after = KmsSigner.of(client, "alias/moving");

    assertThat(after.publicKey()).isNotEqualTo(before.publicKey());
    assertThat(before.publicKey().verify(MESSAGE, before.sign(MESSAGE))).isTrue();
    assertThat(after.publicKey().verify(MESSAGE, after.sign(MESSAGE))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ECC_NIST_P384, SIGN_VERIFY",
    "ECC_SECG_P256K1, SIGN_VERIFY",
    "RSA_2048, SIGN_VERIFY",
    "RSA_2048, ENCRYPT_DECRYPT",
    "SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT"
  })
  void of_keyOfAnotherKind_isRefused(String spec, String usage) {
    String arn = client.createKey(r -> r.keySpec(spec).keyUsage(usage)).keyMetadata().arn();

    Refused.with(ErrorCode.INVALID_KEY, "is not one of P-256", () -> KmsSigner.of(client, arn));
  }

  @Test
  void of_noSuchKey_saysWhatKmsSays() {
    Refused.with(
        ErrorCode.SIGNING_FAILED,
        "NotFoundException (status 400",
        () -> KmsSigner.of(client, "alias/none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "alias/a b", "alias/\u202e", "alias/\n"})
  void of_noNameOfAKey_isRefused(String name) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> KmsSigner.of(client, name));
  }

  @Test
  void of_patienceThatIsNone_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> KmsSigner.of(client, "alias/a", Duration.ZERO));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> KmsSigner.of(client, "alias/a", Duration.ofSeconds(-1)));
  }
}
