package dev.taper.cli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PersonsBrowserTest {
  private static final URI PAGE = URI.create("https://login.example.com/?a=$(b)&c=d");

  @Test
  void command_anySystem_hasTheUrlAsOneArgument() {
    assertThat(PersonsBrowser.command(PAGE, Map.of("DISPLAY", ":0"), "Linux"))
        .containsExactly("xdg-open", PAGE.toString());
    assertThat(PersonsBrowser.command(PAGE, Map.of("WAYLAND_DISPLAY", "w"), "Linux")).isNotNull();
    assertThat(PersonsBrowser.command(PAGE, Map.of(), "Mac OS X"))
        .containsExactly("open", PAGE.toString());
    assertThat(PersonsBrowser.command(PAGE, Map.of(), "Windows 11"))
        .containsExactly("rundll32", "url.dll,FileProtocolHandler", PAGE.toString());
  }

  @Test
  void command_withoutAScreen_isNone() {
    assertThat(PersonsBrowser.command(PAGE, Map.of(), "Linux")).isNull();
  }

  /** There is neither a screen nor a program: the person opens what was printed. */
  @Test
  void open_whereNothingCanOpenIt_isNoFailure() {
    assertThatCode(() -> PersonsBrowser.open(PAGE, Map.of())).doesNotThrowAnyException();
  }
}
