package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.testing.Refused;
import dev.taper.testing.ValkeyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Revocation lists in a server: who listens hears of each, and nobody misses one. */
@Timeout(120)
class ValkeyListsTest {
  /** Never, within a test. */
  private static final Duration SELDOM = Duration.ofHours(1);

  private static final int VERIFIERS = 20;
  private static final int DELTAS = 20;

  @TempDir Path folder;

  private final RevocationIssuer issuer =
      RevocationIssuer.of(PrivateKey.generate(Algorithm.ED25519));
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose) {
      each.close();
    }
  }

  private ValkeyLists lists(String address) {
    ValkeyLists lists = ValkeyLists.at(address);
    toClose.add(0, lists);
    return lists;
  }

  private RevocationList verifier(String address) {
    ValkeyLists lists = lists(address);
    RevocationList list = RevocationList.trusting(issuer.publicKey()).forgottenAtRestart().build();
    RevocationFeed feed = RevocationFeed.start(lists, list, SELDOM);
    toClose.add(0, feed);
    lists.refresh(feed);
    return list;
  }

  private static long sequence(RevocationList list) {
    RevocationHeader latest = list.latest();
    return latest == null ? 0 : latest.sequence();
  }

  private static void await(RevocationList list, long sequence) throws InterruptedException {
    while (sequence(list) < sequence) {
      TimeUnit.MICROSECONDS.sleep(200);
    }
  }

  private static Validity now() {
    Instant now = Instant.now();
    return new Validity(now, now.plusSeconds(600), Duration.ofMinutes(30));
  }

  private static RevocationEntry task(String task) {
    return RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(task));
  }

  private void snapshot(ValkeyLists lists, long sequence) {
    lists.publishSnapshot(
        issuer.snapshot(sequence, List.of(task("T-" + sequence)), now()), sequence);
  }

  private void delta(ValkeyLists lists, long base) {
    lists.publishDelta(
        issuer.delta(base, base + 1, List.of(task("T-" + (base + 1))), now()), base, base + 1);
  }

  @Test
  void publish_deltas_reachAllThatListenAtOnce() throws Exception {
    String address = SharedServer.get().address(ValkeyServer.newName());
    ValkeyLists publisher = lists(address);
    snapshot(publisher, 1);
    List<RevocationList> verifiers = new ArrayList<>();
    for (int i = 0; i < VERIFIERS; i++) {
      verifiers.add(verifier(address));
    }
    long[] micros = new long[VERIFIERS * DELTAS];
    int measured = 0;
    for (int base = 1; base <= DELTAS; base++) {
      long start = System.nanoTime();
      delta(publisher, base);
      for (RevocationList list : verifiers) {
        await(list, base + 1);
        micros[measured++] = (System.nanoTime() - start) / 1000;
      }
    }
    Arrays.sort(micros);
    assertThat(micros[micros.length * 99 / 100]).isLessThan(Duration.ofSeconds(5).toNanos() / 1000);
  }

  @Test
  void listen_connectionLost_missesNothing() throws Exception {
    try (ValkeyServer server = ValkeyServer.start(folder, ValkeyServer.DURABLE)) {
      String address = server.address("a");
      ValkeyLists publisher = lists(address);
      snapshot(publisher, 1);
      RevocationList list = verifier(address);
      await(list, 1);

      server.kill();
      server.start(ValkeyServer.DURABLE);
      ValkeyLists later =
          lists(address); // the other one may not know yet that it lost its connection
      delta(later, 1);
      delta(later, 2);

      await(list, 3);
    }
  }

  @Test
  void start_listWithDeltas_hasAllOfThem() throws Exception {
    String address = SharedServer.get().address(ValkeyServer.newName());
    ValkeyLists publisher = lists(address);
    snapshot(publisher, 5);
    delta(publisher, 5);
    delta(publisher, 6);

    RevocationList list = verifier(address);

    await(list, 7);
    assertThat(list.health().lists()).hasSize(1);
    assertThat(publisher.fetch("7", 7)).isNull();
    assertThat(publisher.fetch(null, 0)).isNotNull();
  }

  @Test
  void publish_outOfOrder_isRefused() throws Exception {
    ValkeyLists lists = lists(SharedServer.get().address(ValkeyServer.newName()));
    Refused.with(ErrorCode.REVOCATIONS_INCOMPLETE, () -> delta(lists, 1));
    snapshot(lists, 3);

    Refused.with(ErrorCode.REVOCATIONS_ROLLED_BACK, () -> snapshot(lists, 2));
    Refused.with(ErrorCode.REVOCATIONS_INCOMPLETE, () -> delta(lists, 2));
    Refused.with(ErrorCode.REVOCATIONS_INCOMPLETE, () -> delta(lists, 4));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> lists.publishSnapshot(new byte[0], 0));
    snapshot(lists, 3); // again, after an answer that did not come
    delta(lists, 3);
  }

  /** A server that holds something else than lists brings nothing, and does no harm. */
  @Test
  void fetch_bytesThatAreNoList_areRefusedByTheList() throws Exception {
    String address = SharedServer.get().address(ValkeyServer.newName());
    lists(address).publishSnapshot("no list".getBytes(StandardCharsets.UTF_8), 9);

    assertThat(sequence(verifier(address))).isZero();
  }

  @Test
  void publish_serverNotThere_isUnavailable() {
    ValkeyLists lists = lists("valkey://127.0.0.1:1");

    Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> snapshot(lists, 1));
  }

  /** Publishers keep to the bound, so that nobody who reads is cut off. */
  @Test
  void publish_moreBytesThanThereMayBe_isRefusedAndASnapshotIsNeeded() throws Exception {
    String address = SharedServer.get().address(ValkeyServer.newName());
    ValkeyLists lists = new ValkeyLists(address, folder, 100);
    toClose.add(0, lists);
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> lists.publishSnapshot(new byte[101], 1));
    lists.publishSnapshot(new byte[40], 1);
    lists.publishDelta(new byte[60], 1, 2);

    Refused.with(ErrorCode.REVOCATIONS_INCOMPLETE, () -> lists.publishDelta(new byte[1], 2, 3));
    lists.publishSnapshot(new byte[40], 3);
    lists.publishDelta(new byte[60], 3, 4);
  }

  @Test
  void fetch_moreBytesThanThereMayBe_isCutOffAndLaterListsAreRead() throws Exception {
    String address = SharedServer.get().address(ValkeyServer.newName());
    ValkeyLists publisher = lists(address);
    publisher.publishSnapshot(new byte[1 << 20], 1);
    ValkeyLists reader = new ValkeyLists(address, folder, 1 << 19);
    toClose.add(0, reader);

    assertThatThrownBy(() -> reader.fetch(null, 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than")
        .cause()
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE));
    publisher.publishSnapshot(new byte[1 << 19], 2);
    assertThat(reader.fetch(null, 0)).isNotNull();
  }

  /** It says that more comes than there is memory for, and goes on and on. */
  @Test
  void fetch_fromAServerWithoutAnEnd_endsAtTheBound() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (ServerSocket endless = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> sendForEver(endless, sent));
      server.setDaemon(true);
      server.start();
      ValkeyLists lists =
          new ValkeyLists("valkey://127.0.0.1:" + endless.getLocalPort(), folder, 1 << 20);
      toClose.add(0, lists);

      assertThatThrownBy(() -> lists.fetch(null, 0)).isInstanceOf(IOException.class);
      server.join();
    }
    assertThat(sent.get()).as("what the sockets hold is sent, too").isLessThan(64L << 20);
  }

  private static void sendForEver(ServerSocket endless, AtomicLong sent) {
    byte[] more = new byte[1 << 16];
    try (Socket socket = endless.accept()) {
      socket.getOutputStream().write("$2000000000\r\n".getBytes(StandardCharsets.UTF_8));
      while (true) {
        socket.getOutputStream().write(more);
        sent.addAndGet(more.length);
      }
    } catch (IOException e) {
      return; // the other end has closed it
    }
  }
}
