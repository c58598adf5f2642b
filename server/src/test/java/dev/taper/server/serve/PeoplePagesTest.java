package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.revocation.SignedLists;
import dev.taper.testing.RealBrowser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People of each role, of none, and at a hostile page, in a real browser. */
class PeoplePagesTest {
  private static final int MINUTES = 20;

  @TempDir Path folder;

  @BeforeAll
  static void demand() {
    RealBrowser.demand();
  }

  @Test
  void people_inARealBrowser_seeAndDoWhatTheirRolesAllow() throws Exception {
    try (PeopleWorld world = PeopleWorld.whole(folder).start()) {
      String ask = world.ask(7);
      world.next("erin-1", "see");
      world.next("erin-1", "answer");
      world.next("erin-1", "review");
      world.next("erin-1", "operate");
      world.next("mallory-1", "answer");
      world.next("erin-1", "none");
      world.next("erin-1", "see");
      world.next("bob-1", "see");
      assertThat(atTheBrowser(world.origin, ask)).endsWith("done\n");

      PeopleWorld.Person viewer = world.signedIn("erin-1", "see");
      List<String> records = viewer.records(3);
      assertThat(records.stream().map(words -> words.replaceFirst(",.*", "")).toList())
          .containsExactly("revoke", "review", "refuse");
      assertThat(records).allMatch(words -> words.contains("by " + PeopleWorld.ERIN));
      byte[] list = Files.readAllBytes(folder.resolve("list.bin"));
      assertThat(SignedLists.read(list, List.of(world.listKey.publicKey())).entries())
          .as("nothing that the hostile page wanted")
          .hasSize(1);
    }
  }

  private String atTheBrowser(String origin, String ask) throws Exception {
    Path output = folder.resolve("output.txt");
    Process browser =
        new ProcessBuilder("node", "people.mjs", origin, ask)
            .directory(Path.of("src/test/node/console").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!browser.waitFor(MINUTES, TimeUnit.MINUTES)) {
      browser.destroyForcibly();
    }
    assertThat(browser.waitFor()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }
}
