package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A class that takes something apart is read by a harness, or it is said why not. */
class ReadersTest {
  private static final String LIST = "readers.txt";

  /** What takes bytes or texts apart. */
  private static final Pattern TAKES_APART =
      Pattern.compile(
          "createParser\\(|CanonicalJson\\.(members|elements)|JsonMembers\\.parse|McpJson\\.read"
              + "|\\.parseFrom\\(|URLDecoder|get(Url|Mime)?Decoder\\(|Given\\.base64|DataInputStream"
              + "|Files\\.(read(String|All)|lines|newInputStream|newBufferedReader)"
              + "|SecretFile\\.read|ResultSet |Instant\\.parse|parse(Unsigned)?(Int|Long)\\("
              + "|readAllBytes|readNBytes|readLine\\(|ByteBuffer\\.wrap|ASN1Primitive"
              + "|CertificateFactory|new URI\\(|URI\\.create\\(|new ProtoReader"
              + "|new (Load|Parse)\\(|(JWKSet|SignedJWT)\\.parse|read(Tree|Value)\\("
              + "|InetAddress\\.getBy|\\.split\\(\";\"|getUnsignedByte\\(");

  @Test
  void readers_ofTheMainCode_haveAHarnessOrAReason() throws IOException {
    assertThat(MainCode.with(TAKES_APART)).isEqualTo(MainCode.listed(LIST).keySet());
  }

  @Test
  void harnesses_ofReaders_areThere() throws IOException {
    for (String what : MainCode.listed(LIST).values()) {
      if (what.startsWith("- ")) {
        assertThat(what).hasSizeGreaterThan(5);
      } else {
        for (String harness : what.split(" ", -1)) {
          assertThat(Harness.of(harness)).isNotNull();
        }
      }
    }
  }
}
