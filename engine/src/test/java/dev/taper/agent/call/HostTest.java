package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # as written, as compared, class
          acme.com, acme.com, PUBLIC
          ACME.Com, acme.com, PUBLIC
          evil-acme.com, evil-acme.com, PUBLIC
          acme.com.evil.org, acme.com.evil.org, PUBLIC
          xn--caf-dma.com, xn--caf-dma.com, PUBLIC
          1password.com, 1password.com, PUBLIC
          a.1b, a.1b, PUBLIC
          127.0.0.1.nip.io, 127.0.0.1.nip.io, PUBLIC
          localhost, localhost, LOOPBACK
          LOCALHOST, localhost, LOOPBACK
          a.localhost, a.localhost, LOOPBACK
          notlocalhost.com, notlocalhost.com, PUBLIC
          printer.local, printer.local, PRIVATE
          metadata.google.internal, metadata.google.internal, PRIVATE
          router.home.arpa, router.home.arpa, PRIVATE
          nas.lan, nas.lan, PRIVATE
          wiki.corp, wiki.corp, PRIVATE
          wiki.intranet, wiki.intranet, PRIVATE
          host.localdomain, host.localdomain, PRIVATE
          nas.home, nas.home, PRIVATE
          db.private, db.private, PRIVATE
          a.test, a.test, RESERVED
          a.invalid, a.invalid, RESERVED
          a.example, a.example, RESERVED
          a.onion, a.onion, RESERVED
          a.alt, a.alt, RESERVED
          1.0.0.127.in-addr.arpa, 1.0.0.127.in-addr.arpa, RESERVED
          intranet, intranet, RESERVED
          db, db, RESERVED
          internal, internal, RESERVED
          8.8.8.8, 8.8.8.8, PUBLIC
          1.1.1.1, 1.1.1.1, PUBLIC
          0.0.0.0, 0.0.0.0, RESERVED
          0.1.2.3, 0.1.2.3, RESERVED
          9.255.255.255, 9.255.255.255, PUBLIC
          10.0.0.0, 10.0.0.0, PRIVATE
          10.255.255.255, 10.255.255.255, PRIVATE
          11.0.0.0, 11.0.0.0, PUBLIC
          100.63.255.255, 100.63.255.255, PUBLIC
          100.64.0.1, 100.64.0.1, PRIVATE
          100.127.255.255, 100.127.255.255, PRIVATE
          100.128.0.0, 100.128.0.0, PUBLIC
          127.0.0.1, 127.0.0.1, LOOPBACK
          127.255.255.255, 127.255.255.255, LOOPBACK
          128.0.0.0, 128.0.0.0, PUBLIC
          169.253.255.255, 169.253.255.255, PUBLIC
          169.254.169.254, 169.254.169.254, LINK_LOCAL
          169.255.0.0, 169.255.0.0, PUBLIC
          172.15.255.255, 172.15.255.255, PUBLIC
          172.16.0.0, 172.16.0.0, PRIVATE
          172.31.255.255, 172.31.255.255, PRIVATE
          172.32.0.0, 172.32.0.0, PUBLIC
          192.0.0.8, 192.0.0.8, RESERVED
          192.0.1.0, 192.0.1.0, PUBLIC
          192.0.2.1, 192.0.2.1, RESERVED
          192.31.196.1, 192.31.196.1, RESERVED
          192.52.193.1, 192.52.193.1, RESERVED
          192.88.99.1, 192.88.99.1, RESERVED
          192.167.255.255, 192.167.255.255, PUBLIC
          192.168.1.1, 192.168.1.1, PRIVATE
          192.169.0.0, 192.169.0.0, PUBLIC
          192.175.48.1, 192.175.48.1, RESERVED
          198.17.255.255, 198.17.255.255, PUBLIC
          198.18.0.1, 198.18.0.1, RESERVED
          198.19.255.255, 198.19.255.255, RESERVED
          198.20.0.0, 198.20.0.0, PUBLIC
          198.51.100.7, 198.51.100.7, RESERVED
          203.0.113.7, 203.0.113.7, RESERVED
          223.255.255.255, 223.255.255.255, PUBLIC
          224.0.0.1, 224.0.0.1, RESERVED
          240.0.0.1, 240.0.0.1, RESERVED
          255.255.255.255, 255.255.255.255, RESERVED
          [::], [::], RESERVED
          [::0.0.0.0], [::], RESERVED
          [::1], [::1], LOOPBACK
          [0:0:0:0:0:0:0:1], [::1], LOOPBACK
          [::2], [::2], RESERVED
          [::127.0.0.1], [::7f00:1], LOOPBACK
          [::8.8.8.8], [::808:808], RESERVED
          [::ffff:127.0.0.1], [::ffff:7f00:1], LOOPBACK
          [::FFFF:7F00:1], [::ffff:7f00:1], LOOPBACK
          [0:0:0:0:0:ffff:169.254.169.254], [::ffff:a9fe:a9fe], LINK_LOCAL
          [::ffff:10.0.0.1], [::ffff:a00:1], PRIVATE
          [::ffff:8.8.8.8], [::ffff:808:808], RESERVED
          [::ffff:0:10.0.0.1], [::ffff:0:a00:1], PRIVATE
          [64:ff9b::127.0.0.1], [64:ff9b::7f00:1], LOOPBACK
          [64:ff9b::169.254.169.254], [64:ff9b::a9fe:a9fe], LINK_LOCAL
          [64:ff9b::8.8.8.8], [64:ff9b::808:808], RESERVED
          [64:ff9b:1::8.8.8.8], [64:ff9b:1::808:808], RESERVED
          [2002:7f00:1::], [2002:7f00:1::], LOOPBACK
          [2002:a00:1::1], [2002:a00:1::1], PRIVATE
          [2002:808:808::1], [2002:808:808::1], RESERVED
          [2001:0:4136:e378:8000:63bf:3f57:fefd], [2001:0:4136:e378:8000:63bf:3f57:fefd], PRIVATE
          [2001::f7f7:f7f7], [2001::f7f7:f7f7], RESERVED
          [2001::80ff:fffe], [2001::80ff:fffe], LOOPBACK
          [2001:2::1], [2001:2::1], RESERVED
          [2001:1ff::1], [2001:1ff::1], RESERVED
          [2001:200::1], [2001:200::1], PUBLIC
          [2001:db8::1], [2001:db8::1], RESERVED
          [2001:4860:4860::8888], [2001:4860:4860::8888], PUBLIC
          [2001:4860:4860:0:0:5efe:10.0.0.1], [2001:4860:4860::5efe:a00:1], PRIVATE
          [2001:4860:4860:0:200:5efe:10.0.0.1], [2001:4860:4860:0:200:5efe:a00:1], PRIVATE
          [2606:4700:4700::1111], [2606:4700:4700::1111], PUBLIC
          [2620:4f:8000::1], [2620:4f:8000::1], RESERVED
          [3fff::1], [3fff::1], RESERVED
          [3fff:1000::1], [3fff:1000::1], PUBLIC
          [1fff::1], [1fff::1], RESERVED
          [4000::1], [4000::1], RESERVED
          [5f00::1], [5f00::1], RESERVED
          [100::1], [100::1], RESERVED
          [fc00::1], [fc00::1], PRIVATE
          [fd12:3456::1], [fd12:3456::1], PRIVATE
          [fe80::1], [fe80::1], LINK_LOCAL
          [febf::1], [febf::1], LINK_LOCAL
          [fec0::1], [fec0::1], PRIVATE
          [ff02::1], [ff02::1], RESERVED
          [2001:DB8:0:0:1:0:0:1], [2001:db8::1:0:0:1], RESERVED
          [2001:db8:0:1:1:1:1:1], [2001:db8:0:1:1:1:1:1], RESERVED
          [1:0:0:2:0:0:0:3], [1:0:0:2::3], RESERVED
          [1:2:3:4:5:6:7::], [1:2:3:4:5:6:7:0], RESERVED
          [::2:3:4:5:6:7:8], [0:2:3:4:5:6:7:8], RESERVED
          """)
  void parse_host_hasOneSpellingAndAClass(String host, String canonical, HostClass hostClass) {
    assertThat(Canonical.host(host)).isEqualTo(canonical);
    assertThat(Canonical.hostClass(host)).isEqualTo(hostClass);
    assertThat(Canonical.host(canonical)).isEqualTo(canonical);
  }

  static String[] refused() {
    return new String[] {
      "",
      ".",
      "localhost.",
      "acme.com.",
      ".acme.com",
      "acme..com",
      "-acme.com",
      "acme-.com",
      "acme.com-",
      "ac_me.com",
      "acme.com ",
      " acme.com",
      "acme.com\0",
      "acme.com\0.evil.org",
      "acme.com%00",
      "acme%2ecom",
      "acme.com:80",
      "user@acme.com",
      "acme.com\\evil.org",
      "acme.com/evil.org",
      "*.acme.com",
      "\u0430cme.com", // Cyrillic a
      "caf\u00e9.com",
      "acme\u3002com", // ideographic full stop
      "acme\uff0ecom",
      "\u2460\u2461\u2466.0.0.1", // circled digits
      "\uff11\uff12\uff17.0.0.1",
      "acme.com\u200b",
      "2130706433",
      "017700000001",
      "0x7f000001",
      "0x",
      "0x7f.1",
      "0x7f.0x0.0x0.0x1",
      "127.1",
      "127.0.1",
      "127.0.0.01",
      "127.0.0.0x1",
      "0177.0.0.1",
      "127.0.0.1.",
      "127.0.0.256",
      "127.0.0.1.5",
      "127.0.0.",
      "127..0.1",
      "256.256.256.256",
      "1.2.3.99999999999999999999",
      "a.b.1",
      "acme.0x",
      "acme.0XFF",
      "[]",
      "[",
      "]",
      "[::1",
      "::1",
      "[::1]x",
      "[:1]",
      "[1:]",
      "[:::]",
      "[1::2::3]",
      "[::1::2]",
      "[1:2:3:4:5:6:7]",
      "[1:2:3:4:5:6:7:8:9]",
      "[1:2:3:4:5:6:7:8::]",
      "[::1:2:3:4:5:6:7:8]",
      "[12345::]",
      "[::g]",
      "[fe80::1%eth0]",
      "[fe80::1%25eth0]",
      "[::127.1]",
      "[::127.0.0.01]",
      "[127.0.0.1]",
      "[127.0.0.1::]",
      "[1:2:3:4:5:6:7:127.0.0.1]",
      "[v1.fe80::a]",
      "[::\uff11]",
      "a".repeat(64) + ".com",
      ("a".repeat(63) + ".").repeat(3) + "a".repeat(62),
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void parse_anyOtherSpelling_isRefused(String host) {
    Refused.with(ErrorCode.AMBIGUOUS_URL, () -> Canonical.host(host));
    Refused.with(ErrorCode.AMBIGUOUS_URL, () -> Canonical.hostClass(host));
  }

  @Test
  void parse_everyCharacter_isRefusedUnlessItMayStandInALabel() {
    for (char c = 0; c < 0x180; c++) {
      String name = "a" + c + "b.com";
      boolean digit = c >= '0' && c <= '9';
      boolean small = c >= 'a' && c <= 'z';
      if (digit || small || c == '-' || c == '.') {
        assertThat(Canonical.host(name)).isEqualTo(name);
      } else if (c >= 'A' && c <= 'Z') {
        assertThat(Canonical.host(name)).isEqualTo("a" + (char) (c + 32) + "b.com");
      } else {
        Refused.with(ErrorCode.AMBIGUOUS_URL, () -> Canonical.host(name));
      }
    }
  }

  @Test
  void parse_emptyLabel_saysWhetherADotEndsTheName() {
    Refused.with(
        ErrorCode.AMBIGUOUS_URL, "a host that ends with a dot", () -> Canonical.host("acme.com."));
    Refused.with(ErrorCode.AMBIGUOUS_URL, "an empty host label", () -> Canonical.host("acme..com"));
  }

  @Test
  void parse_longNames_reachTheirLimitsAndDoNotPassThem() {
    String label = "a".repeat(63);
    String longest = (label + ".").repeat(3) + "b".repeat(61);
    for (String host : new String[] {label + ".com", "x." + label, longest}) {
      assertThat(Canonical.host(host)).isEqualTo(host);
    }
    for (String host : new String[] {label + "a.com", "x." + label + "a", longest + "b"}) {
      Refused.with(ErrorCode.AMBIGUOUS_URL, () -> Canonical.host(host));
    }
  }
}
