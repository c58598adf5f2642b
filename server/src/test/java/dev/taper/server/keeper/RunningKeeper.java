package dev.taper.server.keeper;

import dev.taper.TaperException;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.keeper.KeeperClient.KeptKey;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import dev.taper.server.process.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A keeper in this process, at a real socket, with its store in a folder. */
public final class RunningKeeper implements AutoCloseable {
  static final String PASSPHRASE = "correct horse";

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final MovingClock clock = new MovingClock();
  final Path folder;

  /** Asks it. */
  public final KeeperClient client;

  private Running running = Running.stoppedByHand();
  private final Consumer<KeeperOptions> change;

  private RunningKeeper(Path folder, Consumer<KeeperOptions> change) {
    this.folder = folder;
    this.change = change;
    this.client = KeeperClient.at(folder.resolve("run/k.sock")).patience(Duration.ofSeconds(20));
  }

  /** A keeper in memory, whose keys cost nothing. */
  public static RunningKeeper start(Path folder) throws Exception {
    return start(folder, options -> {});
  }

  /** A keeper in memory. */
  static RunningKeeper start(Path folder, Consumer<KeeperOptions> change) throws Exception {
    Consumer<KeeperOptions> inMemory =
        options -> {
          options.inMemory = true;
          options.store = null;
          options.passphraseFile = null;
        };
    return stored(folder, inMemory.andThen(change));
  }

  /** A keeper with a store, whose keys are encrypted. */
  static RunningKeeper stored(Path folder) throws Exception {
    return stored(folder, options -> {});
  }

  /** A keeper with a store. */
  static RunningKeeper stored(Path folder, Consumer<KeeperOptions> change) throws Exception {
    Files.createDirectories(folder);
    RunningKeeper keeper = new RunningKeeper(folder, change);
    try {
      keeper.start();
      return keeper;
    } catch (OperationException e) {
      keeper.close();
      throw e;
    }
  }

  private void start() throws Exception {
    KeeperOptions options = new KeeperOptions();
    options.socket = client.socket().toString();
    options.store = folder.resolve("store");
    options.passphraseFile = secret(folder, "passphrase", PASSPHRASE);
    change.accept(options);
    String ready = new KeeperProcess(options, Map.of(), null, clock).start(running);
    if (!ready.startsWith("taper keeper: ready at " + client.socket())) {
      throw new AssertionError(ready);
    }
  }

  /** The code with which a keeper does not start. */
  static String refusedToStart(Path folder, Consumer<KeeperOptions> change) throws Exception {
    try {
      stored(folder, change).close();
    } catch (OperationException e) {
      return e.code();
    }
    throw new AssertionError("it runs");
  }

  /** Ends it and starts it anew. */
  void restart() throws Exception {
    close();
    running = Running.stoppedByHand();
    start();
  }

  /** A file that only its owner can read. */
  static Path secret(Path folder, String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** A program that answers, and leaves each question in a file. */
  static Path program(Path folder, String name, String body) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(name),
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >>" + folder + "/questions\n" + body + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /** Has it make a key of Ed25519. */
  public KeptKey newKey(String name) {
    return client.newKey(name, Algorithm.ED25519, null, false, null);
  }

  /** A token that a key holds. */
  AgentToken mint(PublicKey holder) {
    return mint(holder, Duration.ofHours(1));
  }

  AgentToken mint(PublicKey holder, Duration lifetime) {
    return Issuer.of(root)
        .clock(clock)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", holder))
                .task("T-4711")
                .grant("jira.* read")
                .grant("jira.close close if approved by " + GuardedService.BOSS.publicKey())
                .grant("issuer.renew")
                .expiresIn(lifetime));
  }

  /** Makes a key, mints a token for it and has it kept under the same name. */
  KeptToken keepToken(String name, String... audiences) {
    KeptKey key = newKey(name);
    return client.add(name, mint(key.key()).encodeBase64(), List.of(audiences), null, null, false);
  }

  /** The code with which something is refused. */
  static String code(Runnable refused) {
    try {
      refused.run();
    } catch (OperationException e) {
      return e.code();
    } catch (TaperException e) {
      if (e.getCause() instanceof OperationException cause) {
        return cause.code();
      }
      throw e;
    }
    throw new AssertionError("it is not refused");
  }

  /** The code with which a request is refused. */
  String refused(String method, String target, @Nullable String json) {
    return code(
        () -> {
          var unused = client.send(method, target, json);
        });
  }

  @Override
  public void close() {
    running.close();
  }
}
