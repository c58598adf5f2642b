package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpNetworkTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 4:",
    "128.0.0.0/1, 4:1",
    "10.0.0.0/8, 4:00001010",
    "192.0.2.254/31, 4:1100000000000000000000101111111",
    "255.255.255.255/32, 4:11111111111111111111111111111111",
    "::/0, 6:",
    "8000::/1, 6:1",
    "2001:db8::/32, 6:00100000000000010000110110111000",
  })
  void parse_networks_givesTheirBits(String text, String bits) {
    assertThat(IpNetwork.parse(text).bits()).isEqualTo(bits);
    assertThat(IpNetwork.ofBits(bits)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/8 ",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/4294967304",
        "10.0.0/8",
        "010.0.0.0/8",
        "10.0.0.1/31",
        "0x0a000000/8",
        "::1",
        "::/129",
        "[::]/0",
        "0::/0",
        "::0/0",
        "2001:DB8::/32",
        "2001:db8::1/127",
        "2001:db8:0:0::/32",
        "fe80::%1/64",
        "::ffff:0:0/96",
        "::ffff:10.0.0.0/104",
        "::ffff:a00:1/128",
        "acme.com/8"
      })
  void parse_anythingElse_isRefused(String text) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> IpNetwork.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          acme.com/8    | not an IP address before the slash: acme.com/8
          fe80::%1/64   | not an IP address before the slash: fe80::%1/64
          10.0.0.0/08   | the number of bits that count, such as 10.0.0.0/32
          2001:db8::/-1 | the number of bits that count, such as 2001:db8::/128
          2001:DB8::/32 | not in its canonical spelling, 2001:db8::/32: 2001:DB8::/32
          """)
  void parse_otherSpelling_saysWhatIsWrong(String text, String message) {
    assertThat(Refused.with(ErrorCode.INVALID_ARGUMENT, message, () -> IpNetwork.parse(text)))
        .endsWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4", "4;", "5:", "4:2", "4: ", "4:\u0661", "6:1/", ":1"})
  void ofBits_anythingElse_isRefused(String bits) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> IpNetwork.ofBits(bits));
  }

  /** What contains the mapped addresses and more is a network like others. */
  @Test
  void parse_networkAroundMappedAddresses_isTaken() {
    assertThat(IpNetwork.parse("::/80").bits()).isEqualTo("6:" + "0".repeat(80));
    assertThat(IpNetwork.parse("::fffe:0:0/95").bits()).hasSize(97);
  }

  @Test
  void bits_addresses_areThoseOfWhatAMachineConnectsTo() {
    assertThat(ip("10.0.0.1")).isEqualTo("4:00001010000000000000000000000001");
    assertThat(ip("[::ffff:10.0.0.1]")).isEqualTo(ip("10.0.0.1"));
    assertThat(ip("[::ffff:ffff:ffff]")).isEqualTo(ip("255.255.255.255"));
    assertThat(ip("[::10.0.0.1]")).startsWith("6:0000").hasSize(130);
    assertThat(ip("[64:ff9b::10.0.0.1]")).startsWith("6:").hasSize(130);
    assertThat(ip("[2002:a00:1::]")).startsWith("6:0010000000000010").hasSize(130);
    assertThat(ip("acme.com")).isNull();
    assertThat(ip("localhost")).isNull();
  }

  private static @Nullable String ip(String host) {
    return Host.parse(host, ErrorCode.AMBIGUOUS_URL, "it").ip();
  }

  /** A network holds an address exactly if the address starts with its bits. */
  @Test
  void bits_randomNetworks_coverWhatArithmeticSays() {
    Random random = new Random(1);
    int inside = 0;
    for (int n = 0; n < 2_000; n++) {
      int address = random.nextInt();
      int other = random.nextBoolean() ? random.nextInt() : address ^ 1 << random.nextInt(32);
      int length = random.nextInt(33);
      int mask = length == 0 ? 0 : -1 << (32 - length);
      IpNetwork network = IpNetwork.parse(text(address & mask) + "/" + length);
      boolean holds = (other & mask) == (address & mask);
      assertThat(IpNetwork.bits(other).startsWith(network.bits())).isEqualTo(holds);
      inside += holds ? 1 : 0;
    }
    assertThat(inside).isBetween(300, 1_700);
  }

  private static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 255)
        + "."
        + (address >>> 8 & 255)
        + "."
        + (address & 255);
  }
}
