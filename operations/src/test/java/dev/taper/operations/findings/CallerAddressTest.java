package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.200, 192.0.2.0/24",
    "255.1.0.9, 255.1.0.0/24",
    "2001:db8:aa:1::2, 2001:db8:aa::/48",
    "::1, 0:0:0::/48",
  })
  void network_leavesOutWhatChanges(String address, String network) throws Exception {
    assertThat(CallerAddress.network(InetAddress.getByName(address))).isEqualTo(network);
  }

  @Test
  void during_ends() throws Exception {
    InetAddress outer = InetAddress.getByName("192.0.2.1");
    String inside =
        CallerAddress.during(
            outer,
            () -> {
              assertThat(CallerAddress.<String>during(null, CallerAddress::current)).isNull();
              return CallerAddress.current();
            });

    assertThat(inside).isEqualTo("192.0.2.0/24");
    assertThat(CallerAddress.current()).isNull();
  }
}
