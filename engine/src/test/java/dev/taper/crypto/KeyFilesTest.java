package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in files, and whose eyes the files are for. */
class KeyFilesTest {
  @TempDir Path folder;

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);

  private Path file() {
    return folder.resolve("a.key");
  }

  private static void permissions(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void load_saved_isTheKey(Algorithm algorithm) throws IOException {
    PrivateKey made = PrivateKey.generate(algorithm);

    made.save(file());

    assertThat(PrivateKey.load(file())).isEqualTo(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void load_savedWithPassphrase_needsIt() throws IOException {
    key.save(file(), "open sesame".toCharArray());

    assertThat(PrivateKey.load(file(), "open sesame".toCharArray())).isEqualTo(key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    Refused.with(ErrorCode.INVALID_PEM, "it takes a passphrase", () -> PrivateKey.load(file()));
    Refused.with(
        ErrorCode.INVALID_PEM, "", () -> PrivateKey.load(file(), "open simsim".toCharArray()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
  void load_othersCanGetAtIt_isRefused(String permissions) throws IOException {
    key.save(file());
    permissions(file(), permissions);

    assertThat(Refused.with(ErrorCode.SECRET_EXPOSED, permissions, () -> PrivateKey.load(file())))
        .startsWith(file() + ": ");
    assertThat(PrivateKey.loadThoughOthersCanRead(file())).isEqualTo(key);
  }

  @Test
  void load_linkToWhatOthersCanRead_isRefused() throws IOException {
    key.save(file());
    permissions(file(), "rw-r--r--");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file());

    Refused.with(ErrorCode.SECRET_EXPOSED, "chmod 600", () -> PrivateKey.load(link));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rwx--x--x"})
  void load_ownersAlone_isRead(String permissions) throws IOException {
    key.save(file());
    permissions(file(), permissions);

    assertThat(PrivateKey.load(file())).isEqualTo(key);
  }

  @Test
  void save_existingFile_isNeverOverwritten() throws IOException {
    Files.writeString(file(), "somebody's");

    Refused.with(ErrorCode.FILE_UNAVAILABLE, "never overwritten", () -> key.save(file()));
    assertThat(Files.readString(file())).isEqualTo("somebody's");
  }

  @Test
  void save_noFolder_saysSo() {
    Path nowhere = folder.resolve("no/a.key");

    Refused.with(ErrorCode.FILE_UNAVAILABLE, "no such file or folder", () -> key.save(nowhere));
    Refused.with(
        ErrorCode.FILE_UNAVAILABLE, "no such file or folder", () -> PrivateKey.load(nowhere));
  }

  @Test
  void load_otherHalf_saysWhich() throws IOException {
    Path publicFile = folder.resolve("a.pub");
    Files.writeString(publicFile, key.publicKey() + "\n");
    permissions(publicFile, "rw-------");
    key.save(file());

    assertThat(PublicKey.load(publicFile)).isEqualTo(key.publicKey());
    Refused.with(ErrorCode.INVALID_KEY, "this is a public key", () -> PrivateKey.load(publicFile));
    Refused.with(ErrorCode.INVALID_KEY, "this is a private key", () -> PublicKey.load(file()));
  }

  @Test
  void load_pem_isRead() throws IOException {
    Path publicFile = folder.resolve("a.pub");
    Files.writeString(publicFile, Pem.write(key.publicKey()));
    Files.writeString(file(), Pem.writeUnencrypted(key));
    permissions(file(), "rw-------");

    assertThat(PrivateKey.load(file())).isEqualTo(key);
    assertThat(PublicKey.load(publicFile)).isEqualTo(key.publicKey());
  }

  @Test
  void load_hugeFile_isRefused() throws IOException {
    Files.write(file(), new byte[(64 << 10) + 1]);
    permissions(file(), "rw-------");

    Refused.with(
        ErrorCode.FILE_UNAVAILABLE, "longer than 65536 bytes", () -> PrivateKey.load(file()));
  }

  @Test
  void parse_otherHalf_saysWhichAndShowsNoSecret() {
    String secret = key.exposeText();

    String message =
        Refused.with(
            ErrorCode.INVALID_KEY,
            "this is a private key, where a public one belongs",
            () -> PublicKey.parse(secret));
    assertThat(message).doesNotContain(secret.substring(20, 40));
    Refused.with(
        ErrorCode.INVALID_KEY,
        "this is a public key, where a private one belongs",
        () -> PrivateKey.parse(key.publicKey().toString()));
  }

  @Test
  void parse_lineBreakPemOrKeySet_saysSo() {
    Refused.with(
        ErrorCode.INVALID_KEY,
        "white space at an end, such as a line break",
        () -> PublicKey.parse(key.publicKey() + "\n"));
    Refused.with(
        ErrorCode.INVALID_KEY, "line break", () -> PrivateKey.parse(key.exposeText() + "\n"));
    Refused.with(
        ErrorCode.INVALID_KEY,
        "this is a PEM document",
        () -> PublicKey.parse(Pem.write(key.publicKey())));
    Refused.with(
        ErrorCode.INVALID_KEY,
        "this is a set of keys, not one key's text",
        () -> PublicKey.parse("[{\"algorithm\": \"ed25519\"}]"));
  }
}
